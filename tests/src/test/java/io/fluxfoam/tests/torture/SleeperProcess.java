package io.fluxfoam.tests.torture;

import io.fluxfoam.liveness.FoamDirectory;
import io.fluxfoam.liveness.OwnerKey;
import io.fluxfoam.memory.Futex;
import io.fluxfoam.stream.Lease;
import io.fluxfoam.stream.ReadMode;
import io.fluxfoam.stream.StreamReader;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;

/**
 * Sleeps on a stream's doorbell. Arguments: foam, name, control file. Command: {@code sleep MILLIS}
 * answers {@code asleep} just before it sleeps for at most that long, and then with the sequence
 * that it found, 0 for none.
 */
final class SleeperProcess {
    private SleeperProcess() {}

    public static void main(String[] args) throws IOException {
        FoamDirectory foam = FoamDirectory.open(Path.of(args[0]));
        StreamReader.Join join =
                StreamReader.Join.newest(ReadMode.IN_ORDER, OwnerKey.of(args[1], 1));
        BufferedReader commands =
                new BufferedReader(new InputStreamReader(System.in, StandardCharsets.UTF_8));
        try (StreamReader reader = StreamReader.open(foam, args[2], join);
                Futex.Waiter waiter = new Futex.Waiter(1)) {
            for (String line = commands.readLine(); line != null; line = commands.readLine()) {
                long boundNs = Long.parseLong(line.split(" ")[1]) * 1_000_000;
                System.out.println("asleep");
                waiter.clear();
                waiter.add(reader.doorbell(), reader.prepareSleep());
                if (!reader.hasNews()) {
                    waiter.await(System.nanoTime() + boundNs);
                }
                reader.endSleep();
                try (Lease lease = reader.poll()) {
                    System.out.println(lease == null ? 0 : lease.sequence());
                }
            }
        }
        Runtime.getRuntime().halt(0);
    }
}
