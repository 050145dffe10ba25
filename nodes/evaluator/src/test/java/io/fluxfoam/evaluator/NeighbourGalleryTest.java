package io.fluxfoam.evaluator;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.fluxfoam.distill.CandidateSet;
import io.fluxfoam.distill.HoldoutKind;

import org.junit.jupiter.api.Test;

import java.lang.foreign.MemorySegment;
import java.util.List;
import java.util.Random;

class NeighbourGalleryTest {
    private static final List<String> NAMES = List.of("kite", "drum", "boat", "lamp");
    private static final int SIDE = PixelVector.SIDE;

    private final NeighbourGallery gallery = new NeighbourGallery();
    private final SetEvaluation set =
            new SetEvaluation(
                    new CandidateSet("all", HoldoutKind.TAKES, NAMES), new SetScores(4), NAMES);

    @Test
    void shouldSayTheNameOfTheNearestPicture() {
        for (int i = 0; i < 400; i++) {
            gallery.add(0, NAMES.get(i % 4), picture(i % 4, i));
        }
        for (int i = 0; i < 8; i++) {
            gallery.judge(set, NAMES.get(i % 4), picture(i % 4, 1_000 + i));
        }
        assertEquals(1, set.neighbours().grey().top1());
        assertEquals(1, set.neighbours().colour().top1());
    }

    /** Its bounds leave nothing out that is nearer. */
    @Test
    void shouldFindTheNearestOfAll() {
        Thumbnail[] pictures = new Thumbnail[300];
        for (int i = 0; i < pictures.length; i++) {
            pictures[i] = picture(i % 4, i);
        }
        for (int i = 0; i < 8; i++) {
            Thumbnail wanted = picture(i % 4, 1_000 + i);
            int nearest = 0;
            for (int j = 1; j < pictures.length; j++) {
                boolean nearer =
                        wanted.colour().cosine(pictures[j].colour())
                                > wanted.colour().cosine(pictures[nearest].colour());
                nearest = nearer ? j : nearest;
            }
            NeighbourGallery named = new NeighbourGallery();
            for (int j = 0; j < pictures.length; j++) {
                named.add(0, j == nearest ? NAMES.get(i % 4) : NAMES.get((i + 1) % 4), pictures[j]);
            }
            named.judge(set, NAMES.get(i % 4), wanted);
        }
        assertEquals(1, set.neighbours().colour().top1());
    }

    @Test
    void shouldLookAtTheSetsOwnWorldAndCaptionsAlone() {
        gallery.add(1, "kite", picture(0, 1));
        gallery.add(0, "another thing", picture(0, 1));
        gallery.judge(set, "kite", picture(0, 1));
        assertEquals(0, set.neighbours().grey().frames(), "nobody knows its captions");
        gallery.add(0, "drum", picture(1, 1));
        gallery.judge(set, "kite", picture(0, 1));
        assertEquals(1, set.neighbours().grey().frames());
    }

    @Test
    void shouldGuessWhereThereIsNothingToSee() {
        Thumbnail flat = Thumbnail.of(MemorySegment.ofArray(new byte[SIDE * SIDE * 3]), SIDE, SIDE);
        gallery.add(0, "drum", flat);
        for (int i = 0; i < 8; i++) {
            gallery.judge(set, NAMES.get(i % 4), i % 2 == 0 ? flat : picture(1, i));
        }
        assertEquals(.25, set.neighbours().colour().top1());
    }

    @Test
    void shouldForgetTheOldest() {
        Thumbnail kite = picture(0, 1);
        Thumbnail drum = picture(1, 1);
        gallery.add(0, "kite", kite);
        for (int i = 1; i < NeighbourGallery.CAPACITY; i++) {
            gallery.add(0, "drum", drum);
        }
        for (int i = 0; i < 8; i++) {
            gallery.judge(set, NAMES.get(i % 4), kite);
        }
        assertEquals(.25, set.neighbours().grey().top1(), "right of the kites");
        gallery.add(0, "drum", drum);
        gallery.judge(set, "kite", kite);
        gallery.judge(set, "kite", kite);
        assertEquals(0, set.neighbours().grey().top1(), "it knows no kite any more");
    }

    /** A pattern for each thing, in noise that is another one each time. */
    private static Thumbnail picture(int thing, int take) {
        Random pattern = new Random(thing);
        Random noise = new Random(take);
        byte[] pixels = new byte[SIDE * SIDE * 3];
        for (int i = 0; i < pixels.length; i++) {
            pixels[i] = (byte) (64 + pattern.nextInt(60) + noise.nextInt(60));
        }
        return Thumbnail.of(MemorySegment.ofArray(pixels), SIDE, SIDE);
    }
}
