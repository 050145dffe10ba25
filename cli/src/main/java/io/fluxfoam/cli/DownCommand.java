package io.fluxfoam.cli;

import io.fluxfoam.liveness.FoamDirectory;
import io.fluxfoam.liveness.MarkView;

import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/** {@code ./foam down}. */
@Command(name = "down", description = "Stop whatever lives in the foam and remove its directory.")
final class DownCommand implements Callable<Integer> {
    /**
     * An {@code up} stops its nodes one timeout long and then kills them; it needs a little more
     * than that itself.
     */
    private static final long UP_TIMEOUT_SECONDS = 2 * UpCommand.STOP_TIMEOUT_SECONDS;

    @Mixin private FoamOptions options;

    @Option(names = "--keep", description = "Stop the nodes but leave the directory.")
    private boolean keep;

    @Override
    public Integer call() throws Exception {
        List<ProcessHandle> bereft = UpLock.bereft(options.directory());
        for (ProcessHandle up : bereft) {
            end(up);
            System.out.println("up stopped, pid " + up.pid() + ", whose foam was gone");
        }
        if (!Files.exists(options.directory(), LinkOption.NOFOLLOW_LINKS)) {
            if (bereft.isEmpty()) {
                System.out.println("no foam at " + options.directory());
            }
            return 0;
        }
        FoamDirectory foam = options.open();
        FoamRemains.requireFoam(foam);
        Optional<ProcessHandle> up = UpLock.holder(foam);
        if (up.isPresent()) {
            end(up.get());
            System.out.println("up stopped, pid " + up.get().pid());
        }
        if (!Files.exists(foam.path())) {
            System.out.println(foam.path() + " removed");
            return 0;
        }
        LivingNodes nodes = new LivingNodes(options.probe());
        List<MarkView> living = nodes.list();
        if (!living.isEmpty() || !options.probe().standbys().isEmpty()) {
            List<MarkView> killed =
                    nodes.stop(TimeUnit.SECONDS.toNanos(UpCommand.STOP_TIMEOUT_SECONDS));
            System.out.println(
                    "stopped "
                            + LivingNodes.names(living)
                            + (killed.isEmpty() ? "" : "; killed " + LivingNodes.names(killed)));
        }
        if (!keep) {
            FoamRemains.remove(foam);
            System.out.println(foam.path() + " removed");
        }
        return 0;
    }

    private static void end(ProcessHandle up) throws Exception {
        up.destroy();
        try {
            up.onExit().get(UP_TIMEOUT_SECONDS, TimeUnit.SECONDS);
        } catch (TimeoutException e) {
            up.destroyForcibly();
            up.onExit().get(UP_TIMEOUT_SECONDS, TimeUnit.SECONDS);
        }
    }
}
