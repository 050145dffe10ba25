package io.fluxfoam.coordinator.status;

import org.jspecify.annotations.Nullable;

import java.util.List;

/**
 * What the evaluator measured on one set of held-out frames, of any source.
 *
 * @param name unique among the sets of its source
 * @param source as the sensor was given it; {@code world N} where nobody knows
 * @param candidates captions that a frame's own is told from
 * @param chance what guessing gives, or always saying the mean: 1 / candidates
 * @param both fraction of {@code frames} whose own caption was the nearest, from picture and sound
 * @param picture from the picture alone
 * @param sound from the sound alone
 * @param frames that the fractions cover
 * @param kind what is held out: {@code takes}, {@code renderings}, {@code style} or {@code
 *     sentences}
 * @param neighbourGrey what the nearest trained picture gives, in 32x32 grey pixels
 * @param neighbourColour the same in 32x32 pixels of colour
 * @param world index of the source
 * @param spoken fraction of the newest utterances of the set that were heard as their own caption
 * @param spokenOfAll the same among all captions that were ever read
 * @param spokenExactly the same among all that differ from it in one word; only an ear knows
 * @param ear who heard them: {@code speech} or {@code spectrogram}
 * @param spokenError squared error of their spectrograms, as a share of the variance
 * @param parrotSpoken what the utterance of the nearest trained caption earns instead, by its
 *     spectrogram
 * @param parrotError its squared error
 */
public record SetStatus(
        String name,
        String source,
        @Nullable Long candidates,
        @Nullable Double chance,
        @Nullable Double both,
        @Nullable Double picture,
        @Nullable Double sound,
        @Nullable Long frames,
        String kind,
        @Nullable Double neighbourGrey,
        @Nullable Double neighbourColour,
        Integer world,
        @Nullable Double spoken,
        @Nullable Double spokenOfAll,
        @Nullable Double spokenExactly,
        @Nullable String ear,
        @Nullable Double spokenError,
        @Nullable Double parrotSpoken,
        @Nullable Double parrotError) {
    /** A name that no other set of the foam has. */
    public String key() {
        return world + "." + name;
    }

    /** The same with its source, if that is among these. */
    SetStatus withSource(List<String> sources) {
        return new SetStatus(
                name,
                world < sources.size() ? sources.get(world) : source,
                candidates,
                chance,
                both,
                picture,
                sound,
                frames,
                kind,
                neighbourGrey,
                neighbourColour,
                world,
                spoken,
                spokenOfAll,
                spokenExactly,
                ear,
                spokenError,
                parrotSpoken,
                parrotError);
    }
}
