package io.fluxfoam.sensor.scene;

import java.awt.Shape;
import java.awt.geom.AffineTransform;
import java.awt.geom.Path2D;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.Map;

/**
 * Glyph outlines of a TrueType font file, unhinted, in font units with y upwards. It reads the
 * tables head, maxp, cmap (format 4), hhea, hmtx, loca and glyf. {@code java.awt.Font} is not used
 * because it needs libfontconfig and an installed font on the machine, leaves a copy of every font
 * file in the temporary folder when its process is killed, and its outlines depend on the FreeType
 * it finds.
 */
final class TrueTypeFont {
    private static final int ON_CURVE = 1;
    private static final int SHORT_X = 2;
    private static final int SHORT_Y = 4;
    private static final int REPEAT = 8;
    private static final int SAME_OR_POSITIVE_X = 16;
    private static final int SAME_OR_POSITIVE_Y = 32;

    private static final int WORD_ARGUMENTS = 1;
    private static final int OFFSET_ARGUMENTS = 2;
    private static final int SCALED = 8 | 64 | 128;
    private static final int MORE_COMPONENTS = 32;

    private final ByteBuffer file;
    private final Map<String, Integer> tables = new HashMap<>();
    private final int cmap;
    private final int unitsPerEm;
    private final boolean longOffsets;
    private final int longMetrics;

    /**
     * @param bytes the whole file
     * @throws IllegalArgumentException if it lacks a table or has no Unicode map of format 4
     */
    TrueTypeFont(byte[] bytes) {
        file = ByteBuffer.wrap(bytes);
        int count = u16(4);
        for (int i = 0; i < count; i++) {
            int entry = 12 + 16 * i;
            tables.put(new String(bytes, entry, 4, StandardCharsets.US_ASCII), i32(entry + 8));
        }
        cmap = formatFourMap();
        unitsPerEm = u16(table("head") + 18);
        longOffsets = u16(table("head") + 50) == 1;
        longMetrics = u16(table("hhea") + 34);
    }

    /**
     * Outline of one line of text, its baseline at y = 0 and its first glyph's origin at x = 0; y
     * grows downwards.
     */
    Shape outline(String text, double sizePx) {
        Path2D outline = new Path2D.Double(Path2D.WIND_NON_ZERO);
        double x = 0;
        for (int i = 0; i < text.length(); i++) {
            int glyph = glyph(text.charAt(i));
            outline.append(
                    AffineTransform.getTranslateInstance(x, 0)
                            .createTransformedShape(glyphOutline(glyph)),
                    false);
            x += advance(glyph);
        }
        double scale = sizePx / unitsPerEm;
        return AffineTransform.getScaleInstance(scale, -scale).createTransformedShape(outline);
    }

    private int table(String tag) {
        Integer offset = tables.get(tag);
        if (offset == null) {
            throw new IllegalArgumentException(
                    "font has no table " + tag + ", only " + tables.keySet());
        }
        return offset;
    }

    private int formatFourMap() {
        int table = table("cmap");
        int count = u16(table + 2);
        for (int i = 0; i < count; i++) {
            int entry = table + 4 + 8 * i;
            int map = table + i32(entry + 4);
            boolean unicode = u16(entry) == 0 || (u16(entry) == 3 && u16(entry + 2) == 1);
            if (unicode && u16(map) == 4) {
                return map;
            }
        }
        throw new IllegalArgumentException(
                "font has no Unicode cmap of format 4 among its " + count);
    }

    /** Glyph index of a character; 0, the box for a missing character, if the font has none. */
    private int glyph(char character) {
        int doubleSegments = u16(cmap + 6);
        int ends = cmap + 14;
        int starts = ends + doubleSegments + 2;
        int deltas = starts + doubleSegments;
        int rangeOffsets = deltas + doubleSegments;
        int segment = 0;
        while (u16(ends + segment) < character) {
            segment += 2;
        }
        if (u16(starts + segment) > character) {
            return 0;
        }
        int rangeOffset = u16(rangeOffsets + segment);
        int delta = u16(deltas + segment);
        if (rangeOffset == 0) {
            return (character + delta) & 0xFFFF;
        }
        int glyph =
                u16(rangeOffsets + segment + rangeOffset + 2 * (character - u16(starts + segment)));
        return glyph == 0 ? 0 : (glyph + delta) & 0xFFFF;
    }

    private int advance(int glyph) {
        return u16(table("hmtx") + 4 * Math.min(glyph, longMetrics - 1));
    }

    private Path2D glyphOutline(int glyph) {
        int loca = table("loca");
        int begin = longOffsets ? i32(loca + 4 * glyph) : 2 * u16(loca + 2 * glyph);
        int end = longOffsets ? i32(loca + 4 * glyph + 4) : 2 * u16(loca + 2 * glyph + 2);
        Path2D outline = new Path2D.Double(Path2D.WIND_NON_ZERO);
        if (begin < end) {
            int at = table("glyf") + begin;
            int contours = i16(at);
            if (contours < 0) {
                appendComponents(outline, at + 10);
            } else {
                appendContours(outline, at + 10, contours);
            }
        }
        return outline;
    }

    private void appendComponents(Path2D outline, int at) {
        int flags;
        do {
            flags = u16(at);
            if ((flags & OFFSET_ARGUMENTS) == 0 || (flags & SCALED) != 0) {
                throw new IllegalArgumentException(
                        "composite glyph with flags=" + Integer.toHexString(flags));
            }
            boolean words = (flags & WORD_ARGUMENTS) != 0;
            int x = words ? i16(at + 4) : file.get(at + 4);
            int y = words ? i16(at + 6) : file.get(at + 5);
            Path2D component = glyphOutline(u16(at + 2));
            outline.append(
                    AffineTransform.getTranslateInstance(x, y).createTransformedShape(component),
                    false);
            at += words ? 8 : 6;
        } while ((flags & MORE_COMPONENTS) != 0);
    }

    private void appendContours(Path2D outline, int ends, int contours) {
        int points = contours == 0 ? 0 : u16(ends + 2 * (contours - 1)) + 1;
        int at = ends + 2 * contours;
        at += 2 + u16(at); // hinting instructions
        int[] flags = new int[points];
        for (int i = 0; i < points; i++) {
            int flag = file.get(at++) & 0xFF;
            flags[i] = flag;
            if ((flag & REPEAT) != 0) {
                for (int repeats = file.get(at++) & 0xFF; repeats > 0; repeats--) {
                    flags[++i] = flag;
                }
            }
        }
        int[] x = new int[points];
        at = readCoordinates(x, flags, at, SHORT_X, SAME_OR_POSITIVE_X);
        int[] y = new int[points];
        readCoordinates(y, flags, at, SHORT_Y, SAME_OR_POSITIVE_Y);
        for (int c = 0, first = 0; c < contours; c++) {
            int last = u16(ends + 2 * c);
            appendContour(outline, flags, x, y, first, last);
            first = last + 1;
        }
    }

    /** Coordinates are stored as differences; returns the offset behind them. */
    private int readCoordinates(
            int[] values, int[] flags, int at, int shortBit, int sameOrPositiveBit) {
        int value = 0;
        for (int i = 0; i < values.length; i++) {
            boolean sameOrPositive = (flags[i] & sameOrPositiveBit) != 0;
            if ((flags[i] & shortBit) != 0) {
                int step = file.get(at++) & 0xFF;
                value += sameOrPositive ? step : -step;
            } else if (!sameOrPositive) {
                value += i16(at);
                at += 2;
            }
            values[i] = value;
        }
        return at;
    }

    /**
     * A contour is a ring of quadratic splines; between two control points lies an implied point on
     * the curve.
     */
    private static void appendContour(
            Path2D outline, int[] flags, int[] x, int[] y, int first, int last) {
        int count = last - first + 1;
        int start = first;
        while (start <= last && (flags[start] & ON_CURVE) == 0) {
            start++;
        }
        if (start > last) {
            throw new IllegalArgumentException(
                    "contour of " + count + " points has none on the curve");
        }
        outline.moveTo(x[start], y[start]);
        for (int i = 1; i <= count; i++) {
            int point = first + (start - first + i) % count;
            if ((flags[point] & ON_CURVE) != 0) {
                outline.lineTo(x[point], y[point]);
                continue;
            }
            int next = first + (start - first + i + 1) % count;
            if ((flags[next] & ON_CURVE) != 0) {
                outline.quadTo(x[point], y[point], x[next], y[next]);
                i++;
            } else {
                outline.quadTo(
                        x[point], y[point], (x[point] + x[next]) / 2.0, (y[point] + y[next]) / 2.0);
            }
        }
        outline.closePath();
    }

    private int u16(int offset) {
        return file.getShort(offset) & 0xFFFF;
    }

    private int i16(int offset) {
        return file.getShort(offset);
    }

    private int i32(int offset) {
        return file.getInt(offset);
    }
}
