package io.fluxfoam.cli;

import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.charset.StandardCharsets;

/** The commands that only read, run in this process. */
public final class Verbs {
    private Verbs() {}

    /**
     * Runs one.
     *
     * @return what it said on standard error; null if it did not end with exit code 0 or 1
     */
    public static String run(String... arguments) {
        StringWriter errors = new StringWriter();
        PrintStream out = System.out;
        PrintStream err = System.err;
        ByteArrayOutputStream said = new ByteArrayOutputStream();
        System.setOut(new PrintStream(said, true, StandardCharsets.UTF_8));
        System.setErr(new PrintStream(said, true, StandardCharsets.UTF_8));
        try {
            int exitCode = Foam.line().setErr(new PrintWriter(errors, true)).execute(arguments);
            String text = errors.toString();
            return exitCode == 0 || exitCode == 1 ? text : null;
        } finally {
            System.setOut(out);
            System.setErr(err);
        }
    }
}
