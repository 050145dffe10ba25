package io.fluxfoam.tests.deploy;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.fluxfoam.cli.CliSyntax;
import io.fluxfoam.distill.LoopNodes;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** deploy/systemd against the command line, and against systemd where that is. */
class SystemdTest {
    private static final Path UNITS = BoxScript.HOME.resolve("deploy/systemd");
    private static final String BUNDLE = "/opt/flux-foam/";

    @TempDir Path folder;

    private static String setting(Path file, String name) throws IOException {
        return Files.readAllLines(file).stream()
                .filter(line -> line.startsWith(name + "="))
                .findFirst()
                .orElseThrow()
                .substring(name.length() + 1);
    }

    @Test
    void shouldStartEachRoleAsTheCommandLineKnowsIt() throws Exception {
        CliSyntax cli = CliSyntax.of(BoxScript.HOME.resolve("foam"));
        Path unit = UNITS.resolve("foam@.service");
        List<String> roles = new ArrayList<>(LoopNodes.ORDER);
        roles.add("bridge");
        for (String role : roles) {
            String options =
                    role.equals("bridge") ? setting(UNITS.resolve("bridge.env"), "OPTIONS") : "";
            List<String> words =
                    new ArrayList<>(
                            List.of(
                                    setting(unit, "ExecStart")
                                            .replace("%i", role)
                                            .replace("%S", "/var/lib")
                                            .replace("$OPTIONS", options)
                                            .strip()
                                            .split("\\s+")));
            assertEquals(BUNDLE + "foam", words.removeFirst());
            cli.parse(words);
        }
        BoxFacts bridge =
                BoxFacts.of(
                        cli.parse(
                                List.of(
                                        ("node bridge "
                                                        + setting(
                                                                UNITS.resolve("bridge.env"),
                                                                "OPTIONS"))
                                                .split("\\s+"))));
        assertEquals("/etc/flux-foam/key", bridge.key());
        assertEquals("-/etc/flux-foam/%i.env", setting(unit, "EnvironmentFile"));
        assertEquals("foam", setting(unit, "User"));
        assertTrue(Files.readString(UNITS.resolve("flux-foam.sysusers")).contains("\nu foam - "));
        assertEquals("foam.target", setting(unit, "PartOf"));
        assertEquals("foam.target", setting(unit, "WantedBy"));
    }

    @Test
    void shouldBeUnitsForSystemd() throws Exception {
        assumeTrue(
                said("systemd-analyze", "--version").isPresent(),
                "skipped: no systemd-analyze here");
        // It wants to see what is started.
        String text =
                Files.readString(UNITS.resolve("foam@.service"))
                        .replace(BUNDLE, BoxScript.HOME + "/")
                        .replace("=/opt/flux-foam\n", "=" + BoxScript.HOME + "\n");
        Files.copy(UNITS.resolve("foam.target"), folder.resolve("foam.target"));
        assertEquals(List.of(), complaints(text));
        assertEquals(1, complaints(text.replace("ProtectHome=", "ProtectHomes=")).size());
        assertEquals(1, complaints(text.replace("Type=exec", "Type=exact")).size());
    }

    /** What it has to say of our units; of the machine's own it may say more. */
    private List<String> complaints(String unit) throws IOException, InterruptedException {
        Files.writeString(folder.resolve("foam@.service"), unit);
        String said =
                said(
                                "systemd-analyze",
                                "verify",
                                folder.resolve("foam@sensor.service").toString(),
                                folder.resolve("foam.target").toString())
                        .orElse("foam: failed");
        return said.lines().filter(line -> line.contains("foam")).toList();
    }

    /** What it prints; empty if it is not there or fails. */
    private static Optional<String> said(String... line) throws IOException, InterruptedException {
        try {
            Process process = new ProcessBuilder(line).redirectErrorStream(true).start();
            String said =
                    new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
            return process.waitFor() == 0 ? Optional.of(said) : Optional.empty();
        } catch (IOException e) {
            return Optional.empty();
        }
    }
}
