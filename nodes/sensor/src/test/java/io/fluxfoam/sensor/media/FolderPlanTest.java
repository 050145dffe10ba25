package io.fluxfoam.sensor.media;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.fluxfoam.distill.CandidateSet;

import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.stream.IntStream;

class FolderPlanTest {
    private static FolderItem item(String name, boolean heard, @Nullable String caption) {
        Path sound = heard ? Path.of(name + ".wav") : null;
        return new FolderItem(name, Path.of(name + ".png"), sound, caption);
    }

    private static Set<Path> files(List<Showing> showings) {
        Set<Path> files = new HashSet<>();
        for (Showing showing : showings) {
            files.addAll(showing.pictures().takes());
            files.addAll(showing.sounds().takes());
        }
        return files;
    }

    @Test
    void shouldHoldOutAboutAThirdOfTheTakesOfACaption() {
        for (int takes = 2; takes < 40; takes++) {
            List<FolderItem> items = new ArrayList<>();
            for (int i = 0; i < takes; i++) {
                items.add(item("kite" + i, true, "kite"));
            }
            FolderPlan plan = new FolderPlan(items);
            Set<Path> train = files(plan.train());
            Set<Path> heldOut = files(plan.heldOut());
            assertEquals(2 * takes, train.size() + heldOut.size());
            assertTrue(train.stream().noneMatch(heldOut::contains));
            assertEquals(Math.max(1, takes / 3), heldOut.size() / 2, "takes=" + takes);
            assertEquals(heldOut.size(), plan.heldOutCount(Set.of()));
            assertEquals("takes", plan.candidates().sets().getFirst().name());
        }
    }

    @Test
    void shouldShowEachTakeAsOftenAsAnyOther() {
        List<FolderItem> items = new ArrayList<>();
        for (int i = 0; i < 6; i++) {
            items.add(item("kite" + i, i == 0, "kite"));
        }
        items.add(item("boat", true, "boat"));
        items.add(item("mute", true, null));
        FolderPlan plan = new FolderPlan(items);
        assertEquals(6, plan.train().size(), "four kites, a boat, and what has no caption");
        assertEquals(3, plan.heldOut().size(), "two kites and a boat");
        assertEquals(
                List.of("takes", "renderings"),
                plan.candidates().sets().stream().map(CandidateSet::name).toList());
        assertEquals(
                2 + FolderPlan.RENDERINGS_OF_EACH * 3,
                plan.heldOutCount(Set.of()),
                "and 3 singles");
        assertEquals(2, plan.captions());
    }

    @Test
    void shouldChooseAmongTooManyCaptionsAndTrainOnTheOthers() {
        List<FolderItem> singles =
                IntStream.range(0, 3_000).mapToObj(i -> item("p" + i, true, "c" + i)).toList();
        FolderPlan plan = new FolderPlan(singles);
        assertEquals(1_024, plan.candidates().captions().size());
        assertEquals(1_024, plan.heldOut().size());
        assertEquals(3_000, plan.train().size());
        assertEquals(plan.candidates(), new FolderPlan(singles).candidates());
        assertEquals(
                List.of(
                        "held-out set renderings has 1024 captions, chosen at random once for all"
                                + " among 3000"),
                plan.remarks());
        assertEquals(List.of(), new FolderPlan(singles.subList(0, 1_024)).remarks());
    }
}
