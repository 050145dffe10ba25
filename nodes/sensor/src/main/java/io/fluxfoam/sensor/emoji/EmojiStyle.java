package io.fluxfoam.sensor.emoji;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Collectors;

/** The hands in which the things are drawn. */
enum EmojiStyle {
    NOTO("noto"),
    NOTO_V1("noto-v1"),
    TWEMOJI("twemoji"),
    OPENMOJI("openmoji"),
    FLUENT_EMOJI_FLAT("fluent-emoji-flat");

    private final String text;

    EmojiStyle(String text) {
        this.text = text;
    }

    /** As the user, and the icon set, call it. */
    String text() {
        return text;
    }

    /**
     * Reads what the user wrote.
     *
     * @throws IllegalArgumentException if it is none
     */
    static EmojiStyle parse(String text) {
        for (EmojiStyle style : values()) {
            if (style.text.equals(text)) {
                return style;
            }
        }
        String all =
                Arrays.stream(values()).map(EmojiStyle::text).collect(Collectors.joining(", "));
        throw new IllegalArgumentException("--hold-style=" + text + " is none of " + all);
    }

    /**
     * The styles that may be trained on while this one is held out. Noto grew out of noto-v1: who
     * has seen the one has half seen the other.
     */
    List<EmojiStyle> trained() {
        List<EmojiStyle> trained = new ArrayList<>(List.of(values()));
        trained.remove(this);
        kin().forEach(trained::remove);
        return List.copyOf(trained);
    }

    /** The other styles that are withheld while this one is held out. */
    List<EmojiStyle> kin() {
        return switch (this) {
            case NOTO -> List.of(NOTO_V1);
            case NOTO_V1 -> List.of(NOTO);
            default -> List.of();
        };
    }
}
