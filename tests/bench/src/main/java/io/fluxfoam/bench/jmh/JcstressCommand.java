package io.fluxfoam.bench.jmh;

import io.fluxfoam.bench.process.JavaLine;

import org.openjdk.jcstress.Main;

import picocli.CommandLine.Command;
import picocli.CommandLine.Parameters;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;

/** {@code bench jcstress}: the memory order of the lease protocol, on this machine. */
@Command(
        name = "jcstress",
        description = {
            "The memory order of the lease protocol under jcstress. Takes jcstress's own options (-h shows them).",
            "Without any: -m quick. Ends with code 1 if a forbidden outcome was seen."
        })
public final class JcstressCommand implements Callable<Integer> {
    private static final List<String> DEFAULTS = List.of("-m", "quick");

    @Parameters(arity = "0..*", hidden = true)
    private List<String> options = List.of();

    @Override
    public Integer call() throws IOException, InterruptedException {
        List<String> line = new ArrayList<>(List.of("-t", "io.fluxfoam.stream"));
        line.addAll(options.isEmpty() ? DEFAULTS : options);
        Path reports = Files.createTempDirectory("foam-jcstress-");
        Process process =
                new ProcessBuilder(JavaLine.of(Main.class, List.of(), line))
                        .directory(reports.toFile()) // where it leaves its reports
                        .inheritIO()
                        .start();
        Runtime.getRuntime().addShutdownHook(new Thread(process::destroy, "bench-clear"));
        System.out.println("reports: " + reports);
        return process.waitFor() == 0 ? 0 : 1;
    }
}
