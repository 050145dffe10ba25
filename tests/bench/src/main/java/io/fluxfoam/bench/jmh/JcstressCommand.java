package io.fluxfoam.bench.jmh;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import org.openjdk.jcstress.Main;
import picocli.CommandLine.Command;
import picocli.CommandLine.Parameters;

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
    public Integer call() throws Exception {
        Path reports = Files.createTempDirectory("foam-jcstress-");
        List<String> line = new ArrayList<>(List.of("-t", "io.fluxfoam.stream", "-r", reports.toString()));
        line.addAll(options.isEmpty() ? DEFAULTS : options);
        Main.main(line.toArray(String[]::new));
        return 0;
    }
}
