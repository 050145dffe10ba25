package io.fluxfoam.sensor.scene;

import io.fluxfoam.distill.FrameShape;
import io.fluxfoam.sensor.SourceException;

import java.awt.Color;
import java.awt.Graphics2D;
import java.awt.RenderingHints;
import java.awt.Shape;
import java.awt.geom.AffineTransform;
import java.awt.geom.Rectangle2D;
import java.awt.image.BufferedImage;
import java.awt.image.DataBufferByte;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.Arrays;
import java.util.List;
import java.util.SplittableRandom;

/**
 * Draws a sentence into a picture: random face, size, place, polarity, contrast, tint and noise.
 * The whole sentence is always inside. Not thread-safe: it keeps one coverage mask.
 */
final class Painter {
    /** Free pixels between the text and each edge. */
    static final double MARGIN_PX = 4;

    private static final double MIN_SIZE_PX = 15;
    private static final double MAX_SIZE_PX = 22;
    private static final double MAX_NOISE = 12;
    private static final int OPAQUE = 255;

    private final int width;
    private final int height;
    private final List<TrueTypeFont> fonts;
    private final BufferedImage mask;
    private final byte[] coverage;
    private final Graphics2D graphics;

    Painter(FrameShape shape) throws SourceException {
        width = shape.width();
        height = shape.height();
        fonts = Typefaces.load();
        mask = new BufferedImage(width, height, BufferedImage.TYPE_BYTE_GRAY);
        coverage = ((DataBufferByte) mask.getRaster().getDataBuffer()).getData();
        graphics = mask.createGraphics();
        graphics.setRenderingHint(
                RenderingHints.KEY_ANTIALIASING, RenderingHints.VALUE_ANTIALIAS_ON);
        graphics.setRenderingHint(
                RenderingHints.KEY_STROKE_CONTROL, RenderingHints.VALUE_STROKE_PURE);
        graphics.setColor(Color.WHITE);
    }

    /**
     * Fills the whole picture, u8 [height, width, 3] RGB. What it shows depends on its arguments
     * alone.
     */
    void paint(String sentence, SplittableRandom random, MemorySegment pictureRgb) {
        Shape outline = place(sentence, random);
        Ink ink = Ink.draw(random);
        fill(outline, ink, random.nextDouble(MAX_NOISE), random, pictureRgb);
    }

    void fill(
            Shape outline,
            Ink ink,
            double noise,
            SplittableRandom random,
            MemorySegment pictureRgb) {
        Arrays.fill(coverage, (byte) 0);
        graphics.fill(outline);
        long at = 0;
        for (byte cover : coverage) {
            double opacity = (cover & 0xFF) / (double) OPAQUE;
            double grain = noise * random.nextGaussian();
            for (int channel = 0; channel < ink.text().length; channel++) {
                double background = ink.background()[channel];
                double value = background + opacity * (ink.text()[channel] - background) + grain;
                pictureRgb.set(
                        ValueLayout.JAVA_BYTE, at++, (byte) Math.clamp(Math.round(value), 0, 255));
            }
        }
    }

    /**
     * The sentence's outline at a random place. A long sentence in a wide face is made smaller
     * until it fits.
     */
    Shape place(String sentence, SplittableRandom random) {
        TrueTypeFont font = fonts.get(random.nextInt(fonts.size()));
        double sizePx = random.nextDouble(MIN_SIZE_PX, MAX_SIZE_PX);
        Shape outline = font.outline(sentence, sizePx);
        Rectangle2D box = outline.getBounds2D();
        double room = width - 2 * MARGIN_PX;
        double smaller =
                Math.min(room / box.getWidth(), (height - 2 * MARGIN_PX) / box.getHeight());
        if (smaller < 1) {
            outline = font.outline(sentence, sizePx * smaller * (1 - 1e-9));
            box = outline.getBounds2D();
        }
        double x = MARGIN_PX + random.nextDouble() * (room - box.getWidth());
        double y = MARGIN_PX + random.nextDouble() * (height - 2 * MARGIN_PX - box.getHeight());
        return AffineTransform.getTranslateInstance(x - box.getX(), y - box.getY())
                .createTransformedShape(outline);
    }
}
