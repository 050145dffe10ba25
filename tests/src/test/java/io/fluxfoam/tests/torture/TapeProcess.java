package io.fluxfoam.tests.torture;

import io.fluxfoam.liveness.FoamDirectory;
import io.fluxfoam.tape.TapeFixture;
import io.fluxfoam.tape.TapeWriter;

import java.io.IOException;
import java.nio.file.Path;
import java.util.Random;

/**
 * Writes a tape until it is killed or the device is full. Arguments: folder of the foam, folder of
 * the tape, incarnation. Prints a line when it has begun, and what ended it.
 */
final class TapeProcess {
    private TapeProcess() {}

    public static void main(String[] args) throws Exception {
        FoamDirectory foam = FoamDirectory.create(Path.of(args[0]));
        int written = 0;
        String end;
        TapeWriter tape = TapeFixture.open(Path.of(args[1]), System.out::println);
        try (TapeFixture ear = new TapeFixture(foam, Long.parseLong(args[2]))) {
            tape.joined(ear.manifest());
            System.out.println("begun");
            System.out.flush();
            for (Random random = new Random(written); ; written++) {
                ear.tensor(tape, random);
            }
        } catch (IOException e) {
            end = e.getMessage();
        }
        try {
            tape.close();
        } catch (IOException e) {
            end += " and " + e.getMessage();
        }
        System.out.println("written " + written + ": " + end);
        System.out.flush();
        Runtime.getRuntime().halt(0);
    }
}
