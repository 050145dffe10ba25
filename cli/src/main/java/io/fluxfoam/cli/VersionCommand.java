package io.fluxfoam.cli;

import picocli.CommandLine.Command;
import picocli.CommandLine.IVersionProvider;

import java.io.IOException;
import java.io.InputStream;
import java.util.Properties;
import java.util.concurrent.Callable;

/** {@code ./foam version}. */
@Command(
        name = "version",
        description = "Show the version of the foam and of the Java that runs it.")
final class VersionCommand implements Callable<Integer>, IVersionProvider {
    @Override
    public Integer call() throws IOException {
        System.out.println(getVersion()[0]);
        return 0;
    }

    @Override
    public String[] getVersion() throws IOException {
        Properties properties = new Properties();
        try (InputStream in = VersionCommand.class.getResourceAsStream("version.properties")) {
            if (in == null) {
                throw new IOException("not on the class path: io/fluxfoam/cli/version.properties");
            }
            properties.load(in);
        }
        return new String[] {
            "flux-foam " + properties.getProperty("version") + ", Java " + Runtime.version()
        };
    }
}
