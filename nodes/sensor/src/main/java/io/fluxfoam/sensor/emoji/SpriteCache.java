package io.fluxfoam.sensor.emoji;

import io.fluxfoam.sensor.SourceException;
import io.fluxfoam.sensor.vary.Sprite;

import java.util.LinkedHashMap;
import java.util.Map;

/** Keeps the drawings that were wanted last, as far as there is room. */
final class SpriteCache implements Drawing {
    /** All things in all styles for frames of up to 96 rows. */
    private static final long ROOM_BYTES = 72L << 20;

    private final Drawing drawing;
    private final Map<Key, Sprite> sprites;

    private record Key(EmojiStyle style, int thing) {}

    SpriteCache(Drawing drawing, int side) {
        this.drawing = drawing;
        // All halvings together are a third of the whole.
        long spriteBytes = (long) side * side * Sprite.PIXEL_BYTES * 4 / 3;
        int most = Math.toIntExact(ROOM_BYTES / spriteBytes);
        this.sprites =
                new LinkedHashMap<>(64, .75f, true) {
                    private static final long serialVersionUID = 1;

                    @Override
                    protected boolean removeEldestEntry(Map.Entry<Key, Sprite> eldest) {
                        return size() > most;
                    }
                };
    }

    @Override
    public Sprite draw(EmojiStyle style, int thing) throws SourceException {
        Key key = new Key(style, thing);
        Sprite sprite = sprites.get(key);
        if (sprite == null) {
            sprite = drawing.draw(style, thing);
            sprites.put(key, sprite);
        }
        return sprite;
    }
}
