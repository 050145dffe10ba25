package io.fluxfoam.sensor.emoji;

import io.fluxfoam.sensor.SourceException;
import io.fluxfoam.sensor.vary.Sprite;

/** What a thing looks like in a style. */
@FunctionalInterface
interface Drawing {
    /**
     * Draws it.
     *
     * @param thing index of its name
     * @throws SourceException if it cannot be drawn
     */
    Sprite draw(EmojiStyle style, int thing) throws SourceException;
}
