package io.fluxfoam.teacher.whisper;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.fluxfoam.speech.DiphoneVoice;
import io.fluxfoam.speech.MelSpectrogram;
import io.fluxfoam.speech.Recitation;
import io.fluxfoam.speech.TextToSpeech;
import io.fluxfoam.speech.Vocoder;
import io.fluxfoam.teacher.ModelDirectory;
import io.fluxfoam.teacher.ModelFile;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.SplittableRandom;

/** The ear hears right what is said as well as the student's voice can say it. */
class SpeechEarTest {
    private static final ModelDirectory MODELS =
            ModelDirectory.of("teacher-whisper", SpeechEarTest.class, Optional.empty());

    /** The seen words of {@code scenes:}. */
    private static final List<List<String>> PLACES =
            List.of(
                    words(
                            "red tiny wooden golden broken quiet yellow heavy old shiny angry empty"
                                    + " green dusty silver round"),
                    words(
                            "dog kettle bike lamp parrot wagon candle horse basket window rabbit"
                                    + " drum ladder mirror spider pillow"),
                    words("under above behind beside near inside"),
                    words("the"),
                    words(
                            "bridge harbor garden station market river kitchen forest tower meadow"
                                    + " island tunnel"));

    private final SplittableRandom random = new SplittableRandom(1);
    private final TextToSpeech voice = new DiphoneVoice();
    private final Neighbourhood neighbourhood = new Neighbourhood();
    private SpeechEar ear;
    private Canon canon;

    private static List<String> words(String spaced) {
        return List.of(spaced.split(" "));
    }

    @BeforeEach
    void load() {
        assumeTrue(MODELS.files().stream().allMatch(ModelFile::exists), "no speech models");
        ear = new SpeechEar(MODELS, 1);
        canon = new Canon(voice, ear);
    }

    @AfterEach
    void close() {
        if (ear != null) {
            ear.close();
        }
    }

    private List<String> sentences(int count) {
        Set<String> sentences = new LinkedHashSet<>();
        while (sentences.size() < count) {
            List<String> words = new ArrayList<>();
            PLACES.forEach(place -> words.add(place.get(random.nextInt(place.size()))));
            sentences.add(String.join(" ", words));
        }
        return List.copyOf(sentences);
    }

    /** What a student says that knows the spectrogram. */
    private float[] said(String sentence) {
        float[] spectrogram = new float[MelSpectrogram.LENGTH];
        new MelSpectrogram().compute(Recitation.of(sentence, voice).samples(), spectrogram);
        return said(spectrogram);
    }

    private static float[] said(float[] spectrogram) {
        float[] samples = new float[MelSpectrogram.SAMPLES];
        new Vocoder().speak(spectrogram, 1, samples);
        return samples;
    }

    private boolean isNearest(String own, List<String> others, float[] directions) {
        float likeness = canon.likeness(directions, own);
        return others.stream()
                .filter(other -> !other.equals(own))
                .noneMatch(other -> canon.likeness(directions, other) >= likeness);
    }

    /** Returns how many of the sentences are heard right among all of them. */
    private int heardRight(List<String> sentences) {
        sentences.forEach(canon::learn);
        int right = 0;
        for (String sentence : sentences) {
            float[] samples = said(sentence);
            assertTrue(ear.speech(samples) > .9, () -> "somebody speaks: " + sentence);
            right += isNearest(sentence, sentences, ear.directions(samples)) ? 1 : 0;
        }
        return right;
    }

    /** The same among the neighbours of each. */
    private int heardExactly(List<String> sentences) {
        int right = 0;
        for (String sentence : sentences) {
            List<String> neighbours = neighbourhood.of(sentence);
            neighbours.forEach(canon::learn);
            canon.learn(sentence);
            right += isNearest(sentence, neighbours, ear.directions(said(sentence))) ? 1 : 0;
        }
        return right;
    }

    @Test
    void shouldHearWhatIsSaid() {
        List<String> sentences = sentences(12);
        assertEquals(12, heardRight(sentences));
        sentences.forEach(neighbourhood::add);
        List<String> two = sentences.subList(0, 2);
        assertTrue(neighbourhood.of(two.getFirst()).size() >= 15);
        assertEquals(2, heardExactly(two));
    }

    /**
     * The ceiling of what the student can earn: the vocoder and the ear themselves lose nothing.
     */
    @Test
    @Tag("slow")
    void shouldHearAllSentencesOfAWorld() {
        List<String> sentences = sentences(300);
        int right = heardRight(sentences);
        sentences.forEach(neighbourhood::add);
        assertEquals(46, neighbourhood.of(sentences.getFirst()).size());
        int exactly = heardExactly(sentences.subList(0, 40));
        System.out.println("heard right=" + right + " of 300, exactly=" + exactly + " of 40");
        assertTrue(right >= 297, () -> "right=" + right);
        assertTrue(exactly >= 38, () -> "exactly=" + exactly);
    }

    @Test
    void shouldHearNothingWhereNobodySpeaks() {
        assertTrue(ear.speech(new float[MelSpectrogram.SAMPLES]) < .5, "silence");
        float[] tone = new float[MelSpectrogram.SAMPLES];
        float[] noise = new float[MelSpectrogram.SAMPLES];
        for (int i = 0; i < tone.length; i++) {
            tone[i] = (float) (.3 * Math.sin(.2 * i));
            noise[i] = (float) (.1 * random.nextGaussian());
        }
        assertTrue(ear.speech(tone) < .5, "a tone");
        assertTrue(ear.speech(noise) < .5, "noise");
        assertTrue(ear.speech(said("red dog near the river")) > .9);
        assertTrue(ear.speech(new float[MelSpectrogram.SAMPLES]) < .5, "it remembers nothing");
    }

    @Test
    void shouldFindAnUtteranceAsAlikeAsCanBeToItselfAndToNothingUnknown() {
        canon.learn("old bridge");
        canon.learn("  ");
        float[] directions = ear.directions(Recitation.of("old bridge", voice).samples());
        assertEquals(1, canon.likeness(directions, "old bridge"), 1e-5);
        assertTrue(Float.isNaN(canon.likeness(directions, "wet dog")));
        assertTrue(canon.knows("  ") && !canon.hasSound("  "), "it has no sound");
        assertTrue(Float.isNaN(canon.likeness(directions, "  ")));
    }
}
