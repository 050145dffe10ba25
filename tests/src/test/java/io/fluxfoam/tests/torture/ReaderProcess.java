package io.fluxfoam.tests.torture;

import io.fluxfoam.liveness.FoamDirectory;
import io.fluxfoam.liveness.OwnerKey;
import io.fluxfoam.stream.Lease;
import io.fluxfoam.stream.ReadMode;
import io.fluxfoam.stream.StreamReader;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.lang.foreign.MemorySegment;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.locks.LockSupport;

/**
 * Reads tensors and looks at each of their words. Arguments: foam, name. Commands: {@code read
 * CONTROL THREADS READS SEED LEASED}, where LEASED false gives every lease back before the tensor
 * is read, as a fabric without leases would.
 */
final class ReaderProcess {
    private static final int SLOW_EVERY = 256;
    private static final int STALLING_EVERY = 8_192;

    private final FoamDirectory foam;
    private final String name;

    private ReaderProcess(FoamDirectory foam, String name) {
        this.foam = foam;
        this.name = name;
    }

    public static void main(String[] args) throws Exception {
        ReaderProcess process = new ReaderProcess(FoamDirectory.open(Path.of(args[0])), args[1]);
        BufferedReader commands =
                new BufferedReader(new InputStreamReader(System.in, StandardCharsets.UTF_8));
        for (String line = commands.readLine(); line != null; line = commands.readLine()) {
            String[] words = line.split(" ");
            System.out.println(
                    process.read(
                            words[1],
                            Integer.parseInt(words[2]),
                            Long.parseLong(words[3]),
                            Long.parseLong(words[4]),
                            Boolean.parseBoolean(words[5])));
        }
        Runtime.getRuntime().halt(0);
    }

    private record Count(long reads, long torn, long missed) {}

    private String read(String control, int threads, long reads, long seed, boolean leased)
            throws Exception {
        List<Future<Count>> counts = new ArrayList<>();
        try (ExecutorService pool = Executors.newFixedThreadPool(threads)) {
            for (int thread = 0; thread < threads; thread++) {
                long owner = OwnerKey.of(name + "-" + thread, 1);
                Random random = new Random(seed + thread);
                counts.add(
                        pool.submit(() -> read(control, owner, reads / threads, random, leased)));
            }
        }
        long all = 0;
        long torn = 0;
        long missed = 0;
        for (Future<Count> count : counts) {
            all += count.get().reads;
            torn += count.get().torn;
            missed += count.get().missed;
        }
        return "reads=" + all + " torn=" + torn + " missed=" + missed;
    }

    private Count read(String control, long owner, long wanted, Random random, boolean leased)
            throws IOException {
        ReadMode mode = random.nextBoolean() ? ReadMode.LATEST : ReadMode.IN_ORDER;
        long reads = 0;
        long torn = 0;
        try (StreamReader reader =
                StreamReader.open(foam, control, StreamReader.Join.newest(mode, owner))) {
            while (reads < wanted && (leased || torn == 0)) {
                try (Lease lease = reader.poll()) {
                    if (lease == null) {
                        Thread.yield(); // there may be more readers than cores
                        continue;
                    }
                    torn += isWhole(lease, random, leased) ? 0 : 1;
                    reads++;
                }
            }
            return new Count(reads, torn, reader.missed());
        }
    }

    /** Looks twice, and sometimes long after the first time, so that the writer laps the reader. */
    private static boolean isWhole(Lease lease, Random random, boolean leased) {
        MemorySegment payload = lease.payload();
        long sequence = lease.sequence();
        boolean whole =
                leased && Tensors.isWhole(payload, sequence) && lease.frameNumber() == sequence;
        if (!leased) {
            lease.close();
        }
        boolean again = !leased;
        if (random.nextInt(STALLING_EVERY) == 0) {
            LockSupport.parkNanos(1_000_000);
            again = true;
        } else if (random.nextInt(SLOW_EVERY) == 0) {
            Thread.yield();
            again = true;
        }
        return again ? (whole || !leased) && Tensors.isWhole(payload, sequence) : whole;
    }
}
