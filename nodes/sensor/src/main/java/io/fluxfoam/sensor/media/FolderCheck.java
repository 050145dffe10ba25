package io.fluxfoam.sensor.media;

import io.fluxfoam.distill.CandidateSet;
import io.fluxfoam.distill.FrameShape;
import io.fluxfoam.sensor.SourceException;
import io.fluxfoam.sensor.SourceSettings;
import io.fluxfoam.sensor.vary.VariationStrength;

import org.jspecify.annotations.Nullable;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * What a folder has to show, found by decoding all of it once, as a sensor does over its first
 * round.
 */
public final class FolderCheck {
    private final FolderPlan plan;
    private final List<Leftover> skipped;
    private final Set<Path> broken = new HashSet<>();
    private final int items;
    private final long pictures;
    private final long sounds;
    private final int leftOut;

    /**
     * Looks through a folder.
     *
     * @throws SourceException if a sensor could not show it
     */
    public FolderCheck(Path folder, FrameShape shape) throws SourceException {
        if (!Files.isDirectory(folder)) {
            throw new SourceException(
                    (Files.exists(folder) ? "not a folder: " : "folder not found: ") + folder);
        }
        new FolderSource(folder, shape, SourceSettings.usual(0), _ -> {}).close();
        Folder listed = new Folder(folder);
        plan = new FolderPlan(listed.items());
        skipped = new ArrayList<>(listed.unusable());
        decode(listed.items(), shape);
        skipped.addAll(listed.leftOut());
        leftOut = listed.leftOut().size();
        items =
                (int)
                        listed.items().stream()
                                .filter(item -> !broken.contains(item.picture()))
                                .filter(item -> !broken.contains(item.sound()))
                                .count();
        pictures = listed.items().stream().filter(item -> isUsable(item.picture())).count();
        sounds = listed.items().stream().filter(item -> isUsable(item.sound())).count();
    }

    private void decode(List<FolderItem> all, FrameShape shape) {
        TakeReader reader = new TakeReader(shape, 0, VariationStrength.MILD, false);
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment picture = arena.allocate(shape.pictureBytes());
            MemorySegment sound = arena.allocate(shape.soundBytes(), Float.BYTES);
            for (FolderItem item : all) {
                check(item.picture(), file -> reader.show(file, picture));
                check(item.sound(), file -> reader.play(file, sound));
            }
        }
    }

    private interface Reading {
        void of(Path file) throws SourceException;
    }

    private void check(@Nullable Path file, Reading reading) {
        if (file != null && !broken.contains(file)) {
            try {
                reading.of(file);
            } catch (SourceException e) {
                broken.add(file);
                skipped.add(new Leftover(file, String.valueOf(e.getMessage())));
            }
        }
    }

    private boolean isUsable(@Nullable Path take) {
        return take != null && !broken.contains(take);
    }

    /** All of it by name, as {@code ./foam source check --json} shows it. */
    public Map<String, Object> facts() {
        Map<String, Object> facts = new LinkedHashMap<>();
        facts.put("items", items);
        facts.put("takes", pictures + sounds);
        facts.put("captions", plan.captions());
        facts.put("holdout", plan.heldOutCount(broken));
        facts.put("sets", plan.candidates().sets().stream().map(FolderCheck::entry).toList());
        facts.put("skipped", skipped.stream().map(FolderCheck::entry).toList());
        return facts;
    }

    private static Map<String, Object> entry(CandidateSet set) {
        Map<String, Object> entry = new LinkedHashMap<>();
        entry.put("name", set.name());
        entry.put("captions", set.captions().size());
        return entry;
    }

    private static Map<String, String> entry(Leftover leftover) {
        Map<String, String> entry = new LinkedHashMap<>();
        entry.put("file", leftover.file().toString());
        entry.put("reason", leftover.reason());
        return entry;
    }

    /**
     * The same in lines for people.
     *
     * @param maxSkipped of what is not shown, so many are named
     */
    public List<String> lines(int maxSkipped) {
        List<String> lines = new ArrayList<>();
        lines.add("items     " + items);
        lines.add("takes     " + pictures + " pictures, " + sounds + " recordings");
        lines.add("captions  " + plan.captions());
        lines.addAll(heldOutLines());
        plan.remarks().forEach(remark -> lines.add("          " + remark));
        int brokenCount = skipped.size() - leftOut;
        lines.add("skipped   " + brokenCount + " not usable, " + leftOut + " left out");
        for (Leftover leftover : skipped.subList(0, Math.min(maxSkipped, skipped.size()))) {
            boolean isNamed = leftover.reason().contains(leftover.file().toString());
            lines.add("          " + (isNamed ? "" : leftover.file() + ": ") + leftover.reason());
        }
        if (skipped.size() > maxSkipped) {
            lines.add("          and " + (skipped.size() - maxSkipped) + " more: see --json");
        }
        return lines;
    }

    private List<String> heldOutLines() {
        if (!plan.captioned()) {
            return List.of(
                    "held out  every third item, "
                            + plan.heldOutCount(broken)
                            + " of "
                            + items
                            + "; without captions there is nothing to tell them apart by");
        }
        List<String> lines = new ArrayList<>();
        for (CandidateSet set : plan.candidates().sets()) {
            String what =
                    set.name().equals(FolderPlan.TAKES)
                            ? " captions, about a third of the takes of each"
                            : " captions of one take, "
                                    + FolderPlan.RENDERINGS_OF_EACH
                                    + " renderings of each";
            lines.add("held out  " + set.name() + ": " + set.captions().size() + what);
        }
        return lines;
    }
}
