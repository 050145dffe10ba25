package io.fluxfoam.chaos.check;

import io.fluxfoam.liveness.FoamDirectory;
import io.fluxfoam.liveness.FoamDirectory.Owned;
import io.fluxfoam.liveness.MarkView;
import io.fluxfoam.liveness.OwnerKey;
import io.fluxfoam.memory.LayoutException;
import io.fluxfoam.stream.StreamView;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * What belongs to incarnations that are not alive: files, and lanes in streams of the living. The
 * counters of a dead node's newest incarnation are kept on purpose, for those who ask why it died.
 *
 * @param files names of the files
 * @param bytes their size
 * @param leases lanes
 */
public record LeakCheck(List<String> files, long bytes, int leases) {
    /** Looks at the whole foam. {@code nodes} are all that ever joined. */
    public static LeakCheck of(FoamDirectory foam, List<MarkView> nodes) throws IOException {
        Map<Long, MarkView> living = new HashMap<>();
        for (MarkView node : nodes) {
            if (node.state().isHeld()) {
                living.put(OwnerKey.of(node.name(), node.incarnation()), node);
            }
        }
        List<String> files = new ArrayList<>();
        long bytes = 0;
        int leases = 0;
        for (MarkView node : nodes) {
            for (Owned file : foam.filesOf(node.name())) {
                Path path = foam.path().resolve(file.fileName());
                try {
                    if (living.containsKey(OwnerKey.of(file.node(), file.incarnation()))) {
                        leases += file.isControl() ? deadLanes(path, living) : 0;
                    } else if (!isKept(file, node)) {
                        bytes += Files.size(path);
                        files.add(file.fileName());
                    }
                } catch (NoSuchFileException e) {
                    continue; // gone since it was listed
                }
            }
        }
        return new LeakCheck(List.copyOf(files), bytes, leases);
    }

    private static boolean isKept(Owned file, MarkView node) {
        return file.incarnation() == node.incarnation() && file.fileName().endsWith(".counters");
    }

    private static int deadLanes(Path file, Map<Long, MarkView> living) throws IOException {
        try {
            return (int)
                    StreamView.read(file).lanes().stream()
                            .filter(lane -> !living.containsKey(lane.owner()))
                            .count();
        } catch (LayoutException e) {
            return 0; // damaged; told elsewhere
        }
    }
}
