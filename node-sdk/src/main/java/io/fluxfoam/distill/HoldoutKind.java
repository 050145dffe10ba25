package io.fluxfoam.distill;

import java.util.Locale;

/** What the held-out frames of a set have that no TRAIN frame has. */
public enum HoldoutKind {
    /** Sentences that no TRAIN frame shows. */
    SENTENCES,
    /** Pictures or recordings of a caption that no TRAIN frame shows, while others are shown. */
    TAKES,
    /** Variations of what TRAIN frames show in other variations. */
    RENDERINGS,
    /** A hand that no TRAIN frame was drawn in. */
    STYLE;

    /** As it stands in texts, and in the status JSON. */
    public String text() {
        return name().toLowerCase(Locale.ROOT);
    }

    /**
     * Reads back what {@link #text()} wrote.
     *
     * @throws IllegalArgumentException if it is none
     */
    public static HoldoutKind parse(String text) {
        for (HoldoutKind kind : values()) {
            if (kind.text().equals(text)) {
                return kind;
            }
        }
        throw new IllegalArgumentException("no kind of held-out set: " + text);
    }
}
