package io.fluxfoam.cli;

import io.fluxfoam.coordinator.status.Json;
import io.fluxfoam.coordinator.status.PageAddress;
import io.fluxfoam.coordinator.status.StatusProbe;
import io.fluxfoam.launch.Commands;
import io.fluxfoam.launch.FoamHome;
import io.fluxfoam.liveness.FileTree;
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

    @Option(names = "--no-respawn", description = "Do not start again what dies.")
    private boolean noRespawn;

    @Mixin private LoopOptions loop;

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
            if (loop.state() != null) {
                Files.createDirectories(loop.state());
            }
            if (resume) {
                sayWhatIsResumed(foam);
            } else {
                FoamRemains.clear(foam);
                foam = FoamDirectory.create(foam.path());
            }
            exitCode = run(foam, lock, new DefaultLoop(home, foam.path(), loop));
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

    /** Checks the arguments once, relations included. */
    private void conclude() throws IOException {
        loop.conclude();
        page = PageAddress.of(loop.host());
        if (loop.state() != null) {
            requireRoom(loop.state());
        }
        if (summary == null && headless) {
            summary = Path.of(options.directory().getFileName() + ".summary.json");
        }
        if (summary != null) {
            new ResultFile(summary).requireWritable();
        }
    }

    /** What outlives the run must not lie in the foam, nor be another run's unasked. */
    private void requireRoom(Path state) throws IOException {
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
        Path from = loop.state() == null ? foam.path().resolve("state") : loop.state();
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
            FoamRemains.requireRemade(foam);
            try (UpLock _ = UpLock.take(foam)) {
                refuseLiving(foam);
                FileTree.remove(foam.path());
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
