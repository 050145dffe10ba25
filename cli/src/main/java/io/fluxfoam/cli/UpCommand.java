package io.fluxfoam.cli;

import io.fluxfoam.coordinator.status.Json;
import io.fluxfoam.coordinator.status.PageAddress;
import io.fluxfoam.coordinator.status.StatusProbe;
import io.fluxfoam.device.Device;
import io.fluxfoam.launch.Commands;
import io.fluxfoam.launch.FoamHome;
import io.fluxfoam.liveness.FoamDirectory;
import io.fluxfoam.liveness.MarkView;

import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;

/** {@code ./foam up}. */
@Command(
        name = "up",
        description = "Start the whole loop, start again what dies, and end it all on Ctrl-C.",
        footer = {
            "",
            "Exit code: 0 if every node ended STOPPED, 1 if not or if the loop could not start, 2"
                    + " for bad arguments."
        })
final class UpCommand implements Callable<Integer> {
    static final int STOP_TIMEOUT_SECONDS = 15;

    @Mixin private FoamOptions options;

    @Option(
            names = "--duration",
            paramLabel = "TIME",
            converter = DurationConverter.class,
            description = "End after this time, counted from the start of the nodes: 60s, 5m, 1h.")
    private Duration duration;

    @Option(
            names = "--headless",
            description = "Open no page; at the end write the status as JSON (see --summary).")
    private boolean headless;

    @Option(
            names = "--summary",
            paramLabel = "FILE",
            description =
                    "Write the status as it was just before the stop (default with --headless:"
                            + " FOAM.summary.json).")
    private Path summary;

    @Option(
            names = "--resume",
            description =
                    "Go on from the state of an earlier run instead of beginning with nothing.")
    private boolean resume;

    @Option(names = "--keep", description = "Leave the foam's directory when it ends.")
    private boolean keep;

    @Option(
            names = "--state",
            paramLabel = "DIR",
            description = "Keep what must outlive the foam in DIR instead of in the foam.")
    private Path state;

    @Option(names = "--no-respawn", description = "Do not start again what dies.")
    private boolean noRespawn;

    @Option(
            names = "--host",
            paramLabel = "ADDRESS",
            defaultValue = "127.0.0.1",
            description = "Address of the status page (default: ${DEFAULT-VALUE}).")
    private String host;

    @Option(
            names = "--port",
            paramLabel = "N",
            defaultValue = "7070",
            description =
                    "Port of the status page; 0 = any that is free (default: ${DEFAULT-VALUE}).")
    private int port;

    @Option(
            names = "--token-file",
            paramLabel = "FILE",
            description =
                    "The status page is only for those who bring the token in FILE (mode 0600).")
    private Path tokenFile;

    @Option(
            names = "--source",
            paramLabel = "SOURCE",
            description = "What the sensor shows: scenes:, file:PATH or live:.")
    private String source;

    @Option(
            names = "--fps",
            paramLabel = "N",
            description = "The sensor's frames per second (default: the sensor's).")
    private Double framesPerSecond;

    @Option(
            names = "--seed",
            paramLabel = "N",
            description = "Seed of all that is random (default: the nodes').")
    private Long seed;

    @Option(
            names = "--width",
            paramLabel = "X",
            description =
                    "Width of a student that begins anew, as a share of the packaged one's, in steps of"
                            + " 0.125 (default: the student's).")
    private Double width;

    @Option(
            names = "--grow-to",
            paramLabel = "X",
            description =
                    "Width up to which the student grows when it is too small (default: it does not).")
    private Double growTo;

    @Option(
            names = "--device",
            paramLabel = "DEVICE",
            defaultValue = "host",
            description =
                    "Where all nodes keep their streams: host, cuda:N, or auto = cuda:0 if there is"
                            + " one, else host (default: ${DEFAULT-VALUE}).")
    private String device;

    @Option(
            names = "--placebo",
            description =
                    "Pair each frame with the targets of another sentence: a control that must stay"
                            + " at chance.")
    private boolean placebo;

    private PageAddress page;
    private final CountDownLatch done = new CountDownLatch(1);
    private volatile boolean isTold;
    private volatile int exitCode = 1;

    @Override
    public Integer call() throws Exception {
        conclude();
        FoamHome home = FoamHome.current();
        FoamDirectory foam = FoamDirectory.create(options.directory());
        try (UpLock lock = UpLock.take(foam)) {
            refuseLiving(foam);
            if (state != null) {
                Files.createDirectories(state);
            }
            if (resume) {
                sayWhatIsResumed(foam);
            } else {
                FoamRemains.clear(foam);
                foam = FoamDirectory.create(foam.path());
            }
            DefaultLoop loop =
                    new DefaultLoop(
                            home,
                            foam.path(),
                            new DefaultLoop.Settings(
                                    state,
                                    port,
                                    host,
                                    tokenFile,
                                    source,
                                    framesPerSecond,
                                    seed,
                                    width,
                                    growTo,
                                    device,
                                    placebo));
            exitCode = run(foam, lock, loop);
            if (!keep && lock.isInPlace()) {
                FoamRemains.remove(foam);
            }
        } catch (IOException | RuntimeException e) {
            if (!isTold) {
                throw e;
            }
            System.err.println(
                    "foam up: "
                            + Commands.reason(e)); // the process ends before anybody else says it
        } finally {
            done.countDown();
        }
        return exitCode;
    }

    /** As the student checks it: one that refused to start would be started again and again. */
    private static void requireWidth(String option, Double share) {
        if (share != null && !(share >= .125 && share <= 4 && share * 8 == Math.rint(share * 8))) {
            throw new IllegalArgumentException(
                    option + "=" + share + " is no multiple of 0.125 in 0.125..4");
        }
    }

    /** Checks the arguments once, relations included. */
    private void conclude() throws IOException {
        if (port < 0 || port > 65535) {
            throw new IllegalArgumentException("--port=" + port + " not in 0..65535");
        }
        requireWidth("--width", width);
        requireWidth("--grow-to", growTo);
        if (growTo != null && growTo < (width == null ? 1 : width)) {
            throw new IllegalArgumentException(
                    "--grow-to=" + growTo + " is less than --width=" + (width == null ? 1 : width));
        }
        if (framesPerSecond != null && !(framesPerSecond > 0 && Double.isFinite(framesPerSecond))) {
            throw new IllegalArgumentException("--fps=" + framesPerSecond + " must be above 0");
        }
        page = PageAddress.of(host);
        device = Device.resolve(device);
        if (tokenFile != null) {
            tokenFile = tokenFile.toAbsolutePath();
            if (!Files.isRegularFile(tokenFile)) {
                throw new IllegalArgumentException("--token-file=" + tokenFile + " is no file");
            }
        }
        if (state != null) {
            state = state.toAbsolutePath().normalize();
            if (state.startsWith(options.directory())) {
                throw new IllegalArgumentException(
                        "--state=" + state + " lies in the foam, which does not outlive the run");
            }
            if (!resume && hasFiles(state)) {
                throw new IllegalArgumentException(
                        "--state="
                                + state
                                + " holds the state of an earlier run: add --resume, or name"
                                + " another directory");
            }
        }
        if (summary == null && headless) {
            summary = Path.of(options.directory().getFileName() + ".summary.json");
        }
        if (summary != null) {
            new ResultFile(summary).requireWritable();
        }
    }

    private static boolean hasFiles(Path directory) throws IOException {
        if (!Files.exists(directory)) {
            return false;
        }
        try (Stream<Path> files = Files.list(directory)) {
            return files.findAny().isPresent();
        }
    }

    private static void refuseLiving(FoamDirectory foam) throws IOException {
        List<MarkView> living = new LivingNodes(new StatusProbe(foam, e -> {})).list();
        if (!living.isEmpty()) {
            throw new IOException(
                    "the foam has live nodes: "
                            + LivingNodes.names(living)
                            + " path="
                            + foam.path()
                            + " (end them with: foam down)");
        }
    }

    private void sayWhatIsResumed(FoamDirectory foam) throws IOException {
        Path from = state == null ? foam.path().resolve("state") : state;
        System.out.println(
                hasFiles(from) ? "resuming from " + from : "nothing to resume from in " + from);
    }

    private int run(FoamDirectory foam, UpLock lock, DefaultLoop loop)
            throws IOException, InterruptedException {
        LoopRun run = new LoopRun(foam, lock, loop, !noRespawn, System.out::println);
        Runtime.getRuntime().addShutdownHook(new Thread(() -> endOnSignal(run), "foam-up-end"));
        System.out.println("foam " + foam.path());
        boolean allStopped;
        try {
            run.run(Optional.ofNullable(duration), this::pageReady);
            if (summary != null && !run.isGone()) {
                new ResultFile(summary).write(Json.indented(run.status()));
                System.out.println("summary " + summary);
            }
        } finally {
            allStopped = run.end(Duration.ofSeconds(STOP_TIMEOUT_SECONDS));
        }
        if (run.isGone()) {
            removeRemade(foam);
        }
        return allStopped ? 0 : 1;
    }

    /**
     * A node that was just beginning made the directory anew. Not ours to remove is what another
     * {@code up} has, or where somebody lives.
     */
    private static void removeRemade(FoamDirectory foam) throws IOException {
        if (!Files.exists(foam.path())) {
            return;
        }
        try {
            FoamRemains.requireFoam(foam);
            try (UpLock _ = UpLock.take(foam)) {
                refuseLiving(foam);
                FoamRemains.remove(foam);
            }
        } catch (IOException e) {
            System.out.println(foam.path() + " is not removed: " + Commands.reason(e));
        }
    }

    /**
     * Runs when the process is told to end, by a signal or by itself: the nodes are stopped first,
     * on the main thread.
     */
    private void endOnSignal(LoopRun run) {
        isTold = true;
        run.stop();
        try {
            done.await(3L * STOP_TIMEOUT_SECONDS, TimeUnit.SECONDS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        System.out.flush();
        System.err.flush();
        Runtime.getRuntime().halt(exitCode);
    }

    private void pageReady(int pagePort) {
        String url = page.url(pagePort);
        System.out.println("status page " + url);
        boolean desktop =
                System.getenv("DISPLAY") != null || System.getenv("WAYLAND_DISPLAY") != null;
        if (!headless && desktop && Files.isExecutable(Path.of("/usr/bin/xdg-open"))) {
            try {
                new ProcessBuilder("/usr/bin/xdg-open", url)
                        .redirectErrorStream(true)
                        .redirectOutput(ProcessBuilder.Redirect.DISCARD)
                        .start();
            } catch (IOException e) {
                System.out.println("page not opened: " + Commands.reason(e));
            }
        }
    }
}
