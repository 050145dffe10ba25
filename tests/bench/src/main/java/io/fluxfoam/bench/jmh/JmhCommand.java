package io.fluxfoam.bench.jmh;

import io.fluxfoam.bench.process.JavaLine;

import org.openjdk.jmh.Main;

import picocli.CommandLine.Command;
import picocli.CommandLine.Parameters;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;

/** {@code bench jmh}: JMH's own command line, with the options of the foam's processes. */
@Command(
        name = "jmh",
        description = {
            "Single operations under JMH, allocation included. Takes JMH's own options (-h shows them).",
            "Without any: -prof gc -f 1 -wi 3 -w 1s -i 5 -r 1s"
        })
public final class JmhCommand implements Callable<Integer> {
    private static final List<String> DEFAULTS =
            List.of("-prof", "gc", "-f", "1", "-wi", "3", "-w", "1s", "-i", "5", "-r", "1s");

    @Parameters(arity = "0..*", hidden = true)
    private List<String> options = List.of();

    @Override
    public Integer call() throws IOException {
        List<String> line = new ArrayList<>(List.of("-jvmArgs", "@" + JavaLine.optionsFile()));
        line.addAll(options.isEmpty() ? DEFAULTS : options);
        Main.main(line.toArray(String[]::new));
        return 0;
    }
}
