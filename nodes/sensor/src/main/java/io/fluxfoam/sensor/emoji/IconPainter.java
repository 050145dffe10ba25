package io.fluxfoam.sensor.emoji;

import com.github.weisj.jsvg.SVGDocument;
import com.github.weisj.jsvg.parser.LoaderContext;
import com.github.weisj.jsvg.parser.SVGLoader;
import com.github.weisj.jsvg.view.ViewBox;

import io.fluxfoam.sensor.SourceException;
import io.fluxfoam.sensor.vary.Sprite;

import java.awt.Graphics2D;
import java.awt.RenderingHints;
import java.awt.image.BufferedImage;
import java.awt.image.DataBufferInt;
import java.io.ByteArrayInputStream;
import java.nio.charset.StandardCharsets;

/**
 * Draws icons, each in a square with a margin of a pixel: none is opaque to its edges, as a
 * photograph is. Not thread-safe.
 */
final class IconPainter implements Drawing {
    private final Icons icons;
    private final int side;
    private final SVGLoader loader = new SVGLoader();

    IconPainter(Icons icons, int side) {
        this.icons = icons;
        this.side = side;
    }

    @Override
    public Sprite draw(EmojiStyle style, int thing) throws SourceException {
        return new Sprite(side, side, paint(style, thing));
    }

    /** The pixels of a sprite. */
    byte[] paint(EmojiStyle style, int thing) throws SourceException {
        byte[] svg = icons.svg(style, thing).getBytes(StandardCharsets.UTF_8);
        SVGDocument document =
                loader.load(new ByteArrayInputStream(svg), null, LoaderContext.createDefault());
        if (document == null) {
            throw new SourceException(
                    "no SVG: icon " + Icons.things().get(thing) + " of " + style.text());
        }
        BufferedImage image = new BufferedImage(side, side, BufferedImage.TYPE_INT_ARGB_PRE);
        Graphics2D graphics = image.createGraphics();
        graphics.setRenderingHint(
                RenderingHints.KEY_ANTIALIASING, RenderingHints.VALUE_ANTIALIAS_ON);
        graphics.setRenderingHint(
                RenderingHints.KEY_STROKE_CONTROL, RenderingHints.VALUE_STROKE_PURE);
        document.render(null, graphics, new ViewBox(1, 1, side - 2, side - 2));
        graphics.dispose();
        return bytes(((DataBufferInt) image.getRaster().getDataBuffer()).getData());
    }

    private static byte[] bytes(int[] argb) {
        byte[] rgba = new byte[argb.length * Sprite.PIXEL_BYTES];
        int at = 0;
        for (int pixel : argb) {
            rgba[at++] = (byte) (pixel >> 16);
            rgba[at++] = (byte) (pixel >> 8);
            rgba[at++] = (byte) pixel;
            rgba[at++] = (byte) (pixel >> 24);
        }
        return rgba;
    }
}
