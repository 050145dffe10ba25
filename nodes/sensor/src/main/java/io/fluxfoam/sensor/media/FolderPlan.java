package io.fluxfoam.sensor.media;

import io.fluxfoam.distill.CandidateSet;
import io.fluxfoam.distill.Candidates;
import io.fluxfoam.distill.HoldoutKind;
import io.fluxfoam.distill.HoldoutRule;
import io.fluxfoam.sensor.media.Showing.Sense;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;

/**
 * Which of a folder's items TRAIN frames walk, and which HOLDOUT frames: a function of the items
 * alone.
 *
 * <p>Where nothing has a caption, every third item is held out. Else items of one caption are takes
 * of it. Of a sense that has several takes, as pictures or as recordings, every third is held out,
 * of two the second: a caption with such a sense is one of the set {@link #TAKES}. Of a sense with
 * a single take, HOLDOUT frames show {@value #RENDERINGS_OF_EACH} variations that TRAIN frames
 * never draw: a caption of which that is all is one of the set {@link #RENDERINGS}. What has no
 * caption beside others that have is shown by TRAIN frames.
 */
final class FolderPlan {
    /** Variations of a single take that HOLDOUT frames show. */
    static final int RENDERINGS_OF_EACH = 4;

    /** Name of the set of captions with several takes. */
    static final String TAKES = "takes";

    /** Name of the set of captions with a single take. */
    static final String RENDERINGS = "renderings";

    private final boolean captioned;
    private final Map<String, Takes> byCaption = new LinkedHashMap<>();
    private final List<Showing> train = new ArrayList<>();
    private final List<Showing> heldOut = new ArrayList<>();
    private final List<CandidateSet> sets = new ArrayList<>();
    private final List<String> remarks = new ArrayList<>();

    /** All that shows one caption. */
    private record Takes(String caption, List<Path> pictures, List<Path> sounds) {
        boolean areSeveral() {
            return pictures.size() > 1 || sounds.size() > 1;
        }

        private static boolean isHeldOut(int index, int count) {
            return count == 2 ? index == 1 : HoldoutRule.isHoldout(index);
        }

        private static Sense part(List<Path> takes, boolean holdout) {
            if (takes.size() < 2) {
                return new Sense(takes, holdout);
            }
            List<Path> part = new ArrayList<>();
            for (int i = 0; i < takes.size(); i++) {
                if (isHeldOut(i, takes.size()) == holdout) {
                    part.add(takes.get(i));
                }
            }
            return new Sense(part, false);
        }

        List<Showing> trained() {
            return showings(part(pictures, false), part(sounds, false));
        }

        List<Showing> heldOut() {
            return showings(part(pictures, true), part(sounds, true));
        }

        List<Showing> all() {
            return showings(new Sense(pictures, false), new Sense(sounds, false));
        }

        private List<Showing> showings(Sense seen, Sense heard) {
            List<Showing> showings = new ArrayList<>();
            for (int turn = 0; turn < Math.max(seen.takes().size(), heard.takes().size()); turn++) {
                showings.add(new Showing(caption, seen, heard, turn));
            }
            return showings;
        }
    }

    /** A plan for these items, in this order. */
    FolderPlan(List<FolderItem> items) {
        captioned = items.stream().anyMatch(item -> item.caption() != null);
        if (captioned) {
            planCaptions(items);
        } else {
            for (int i = 0; i < items.size(); i++) {
                (HoldoutRule.isHoldout(i) ? heldOut : train).add(alone(items.get(i)));
            }
        }
    }

    private static Showing alone(FolderItem item) {
        return new Showing(null, Sense.of(item.picture()), Sense.of(item.sound()), 0);
    }

    private void planCaptions(List<FolderItem> items) {
        List<List<Showing>> trained = new ArrayList<>();
        for (FolderItem item : items) {
            if (item.caption() == null) {
                trained.add(List.of(alone(item)));
                continue;
            }
            Takes takes =
                    byCaption.computeIfAbsent(
                            item.caption(),
                            caption -> new Takes(caption, new ArrayList<>(), new ArrayList<>()));
            Optional.ofNullable(item.picture()).ifPresent(takes.pictures()::add);
            Optional.ofNullable(item.sound()).ifPresent(takes.sounds()::add);
        }
        List<Takes> chosen = new ArrayList<>();
        chosen.addAll(choose(TAKES, HoldoutKind.TAKES, true));
        chosen.addAll(choose(RENDERINGS, HoldoutKind.RENDERINGS, false));
        List<List<Showing>> held = new ArrayList<>();
        for (Takes takes : byCaption.values()) {
            boolean isChosen = chosen.contains(takes);
            trained.add(isChosen ? takes.trained() : takes.all());
            if (isChosen) {
                held.add(takes.heldOut());
            }
        }
        train.addAll(inTurns(trained));
        heldOut.addAll(inTurns(held));
    }

    private List<Takes> choose(String name, HoldoutKind kind, boolean several) {
        List<Takes> all =
                byCaption.values().stream().filter(takes -> takes.areSeveral() == several).toList();
        List<Takes> chosen = CandidateSet.chosen(all, CandidateSet.MAX_CAPTIONS);
        if (chosen.size() < all.size()) {
            remarks.add(
                    "held-out set "
                            + name
                            + " has "
                            + chosen.size()
                            + " captions, chosen at random once for all among "
                            + all.size());
        }
        if (!chosen.isEmpty()) {
            sets.add(new CandidateSet(name, kind, chosen.stream().map(Takes::caption).toList()));
        }
        return chosen;
    }

    /** Each caption once, then each that has another take once more, and so on. */
    private static List<Showing> inTurns(List<List<Showing>> captions) {
        List<Showing> all = new ArrayList<>();
        int before;
        int turn = 0;
        do {
            before = all.size();
            for (List<Showing> showings : captions) {
                if (turn < showings.size()) {
                    all.add(showings.get(turn));
                }
            }
            turn++;
        } while (all.size() > before);
        return all;
    }

    /** Whether anything has a caption. */
    boolean captioned() {
        return captioned;
    }

    /** How many there are. */
    int captions() {
        return byCaption.size();
    }

    /** What TRAIN frames show, in this order, round and round. */
    List<Showing> train() {
        return train;
    }

    /** What HOLDOUT frames show, in this order, round and round. */
    List<Showing> heldOut() {
        return heldOut;
    }

    /** The captions that HOLDOUT frames are told from. */
    Candidates candidates() {
        return Candidates.of(sets.toArray(CandidateSet[]::new));
    }

    /** What the user should know, a line each. */
    List<String> remarks() {
        return remarks;
    }

    /**
     * How much TRAIN frames never show: items where nothing has a caption, else takes, and the
     * renderings of each single take.
     *
     * @param broken files that do not count
     */
    long heldOutCount(Set<Path> broken) {
        if (!captioned) {
            return heldOut.stream().filter(showing -> isWhole(showing, broken)).count();
        }
        return heldOut.stream()
                .filter(showing -> showing.turn() == 0)
                .flatMap(showing -> Stream.of(showing.pictures(), showing.sounds()))
                .mapToLong(sense -> {
                    long takes = sense.takes().stream().filter(t -> !broken.contains(t)).count();
                    return takes * (sense.rendered() ? RENDERINGS_OF_EACH : 1);
                })
                .sum();
    }

    private static boolean isWhole(Showing showing, Set<Path> broken) {
        return Stream.of(showing.pictures(), showing.sounds())
                .flatMap(sense -> sense.takes().stream())
                .noneMatch(broken::contains);
    }
}
