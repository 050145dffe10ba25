package io.fluxfoam.chaos.fault;

import io.fluxfoam.chaos.plan.FaultKind;
import io.fluxfoam.chaos.process.FoamUnderTest;
import io.fluxfoam.chaos.process.JavaProgram;
import io.fluxfoam.chaos.process.LightFoam;
import io.fluxfoam.launch.Commands;
import io.fluxfoam.liveness.MarkView;

import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.concurrent.TimeUnit;

/**
 * Does one fault to a foam of light nodes that lies in a small tmpfs in this process's own mount
 * namespace. Exit code 0 if the foam withstood it; what was measured goes to standard output as
 * {@code NAME=NUMBER}.
 */
final class IsolatedFaultMain {
    static final String BEGUN = "begun";
    static final String DETECTED = "detected";
    static final String BACK = "back";
    static final String KILLS = "kills";

    private static final int TMPFS_MIB = 48;
    private static final long TIMEOUT_S = 60;

    private final LightFoam light;
    private final LightWatch watch;

    private IsolatedFaultMain(LightFoam light) {
        this.light = light;
        this.watch = new LightWatch(light);
    }

    /** Runs it: name of the fault, empty directory. */
    public static void main(String[] args) {
        try {
            run(FaultKind.of(args[0]), Path.of(args[1]));
        } catch (Exception e) {
            System.out.println(Commands.reason(e));
            System.exit(1);
        }
    }

    private static void run(FaultKind fault, Path directory) throws Exception {
        mount(directory);
        System.out.println(BEGUN);
        try (LightFoam light =
                LightFoam.create(
                        directory.resolve("foam"),
                        JavaProgram.ofThisProcess(),
                        (node, event) -> System.out.println(node + " " + event))) {
            try {
                new IsolatedFaultMain(light).suffer(fault, directory);
            } catch (Exception e) {
                sayWhatWasSaid(light.tested());
                throw e;
            }
        }
    }

    /**
     * The foam vanishes with its namespace: what its nodes said goes to whoever reads this process.
     */
    static void sayWhatWasSaid(FoamUnderTest tested) throws IOException {
        for (MarkView node : tested.nodes().all()) {
            tested.nodes()
                    .counters(node)
                    .ifPresent(all ->
                            all.errors()
                                    .forEach(error ->
                                            System.out.println(
                                                    node.name() + " " + error.summary())));
            Path log = tested.foam().path().resolve(node.name() + ".log");
            if (Files.exists(log)) {
                for (String line : Files.readAllLines(log, StandardCharsets.ISO_8859_1)) {
                    System.out.println(node.name() + ": " + line);
                }
            }
        }
    }

    private static void mount(Path directory) throws IOException, InterruptedException {
        int exitCode =
                new ProcessBuilder(
                                "mount",
                                "-t",
                                "tmpfs",
                                "-o",
                                "size=" + TMPFS_MIB + "m",
                                "foam",
                                directory.toString())
                        .inheritIO()
                        .start()
                        .waitFor();
        if (exitCode != 0) {
            throw new IOException("mount failed: path=" + directory + " exitCode=" + exitCode);
        }
    }

    private void suffer(FaultKind fault, Path directory) throws Exception {
        light.populate(3);
        switch (fault) {
            case MEMORY_FULL -> fillMemory(directory);
            case MANIFEST_CORRUPT -> corruptManifests();
            case CLOCK_JUMP -> jumpClock();
            default ->
                    throw new IllegalArgumentException(
                            "not for a confined foam: fault=" + fault.label());
        }
    }

    /** A newcomer is refused with one line, the others go on, and with room again it joins. */
    private void fillMemory(Path directory) throws Exception {
        Path filler = directory.resolve("filler");
        fill(filler);
        Process refused = light.start("newcomer");
        LightWatch.require(
                refused.waitFor(TIMEOUT_S, TimeUnit.SECONDS), "a newcomer hangs in a full foam");
        LightWatch.require(
                refused.exitValue() == 1, "exit code in a full foam: " + refused.exitValue());
        String said = Files.readString(light.tested().foam().path().resolve("newcomer.log"));
        LightWatch.require(
                said.isEmpty() || said.contains("no space left"), "unclear error: " + said.strip());
        watch.requireProgress(List.of("light-1", "light-2", "light-3"));
        Files.delete(filler);
        light.start("newcomer");
        light.awaitPublished("newcomer");
        killAndMeasure("light-1");
    }

    private static void fill(Path filler) throws IOException {
        byte[] bytes = new byte[4096];
        try (OutputStream out = Files.newOutputStream(filler, StandardOpenOption.CREATE_NEW)) {
            while (true) {
                out.write(bytes);
            }
        } catch (IOException e) {
            return; // that is what it is for
        }
    }

    /**
     * One manifest cut, one scribbled over: a newcomer reads who is well, and everybody again after
     * a restart.
     */
    private void corruptManifests() throws Exception {
        Path cut = light.tested().foam().file("light-1", 1, "manifest");
        byte[] bytes = Files.readAllBytes(cut);
        Files.write(cut, Arrays.copyOf(bytes, bytes.length / 2));
        Path scribbled = light.tested().foam().file("light-2", 1, "manifest");
        byte[] noise = Files.readAllBytes(scribbled);
        new Random(1).nextBytes(noise);
        Files.write(scribbled, noise);
        light.start("newcomer");
        light.awaitPublished("newcomer");
        watch.awaitReads("newcomer", "light-3");
        watch.requireProgress(List.of("light-1", "light-2", "light-3", "newcomer"));
        killAndMeasure("light-1");
        watch.awaitReads("newcomer", "light-1");
    }

    /**
     * A node whose monotonic clock is an hour ahead is read, seen dead and replaced like any other.
     */
    private void jumpClock() throws Exception {
        light.startUnder(
                List.of("unshare", "--time", "--monotonic", "3600", "--fork", "--kill-child"),
                "ahead");
        light.awaitPublished("ahead");
        watch.awaitReads("light-1", "ahead");
        watch.awaitReads("ahead", "light-1");
        watch.requireProgress(List.of("light-1", "light-2", "light-3", "ahead"));
        killAndMeasure("light-2");
        watch.awaitReads("ahead", "light-2");
    }

    private void killAndMeasure(String name) throws Exception {
        FoamUnderTest tested = light.tested();
        tested.nodes().look();
        KillFault killing = KillFault.of(tested, List.of(tested.nodes().node(name).orElseThrow()));
        watch.awaitOver(killing, name + " is back");
        System.out.println(DETECTED + "=" + killing.detectMillis());
        System.out.println(BACK + "=" + killing.rejoinMillis());
        System.out.println(KILLS + "=" + killing.kills());
    }
}
