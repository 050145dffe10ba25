package io.fluxfoam.sensor.scene;

import io.fluxfoam.sensor.SourceException;

import java.io.IOException;
import java.io.InputStream;
import java.util.ArrayList;
import java.util.List;

/** The four DejaVu faces, plain and bold, that sentences are drawn in. */
final class Typefaces {
    private static final String FOLDER = "/net/sf/jasperreports/fonts/dejavu/";
    private static final List<String> FILES =
            List.of(
                    "DejaVuSans.ttf",
                    "DejaVuSans-Bold.ttf",
                    "DejaVuSansCondensed.ttf",
                    "DejaVuSansCondensed-Bold.ttf",
                    "DejaVuSansMono.ttf",
                    "DejaVuSansMono-Bold.ttf",
                    "DejaVuSerif.ttf",
                    "DejaVuSerif-Bold.ttf");

    private Typefaces() {}

    /**
     * All of them, in a fixed order.
     *
     * @throws SourceException if the artifact that carries them is not on the class path
     */
    static List<TrueTypeFont> load() throws SourceException {
        List<TrueTypeFont> fonts = new ArrayList<>();
        for (String file : FILES) {
            try (InputStream in = Typefaces.class.getResourceAsStream(FOLDER + file)) {
                if (in == null) {
                    throw new SourceException("font not on the class path: " + FOLDER + file);
                }
                fonts.add(new TrueTypeFont(in.readAllBytes()));
            } catch (IOException e) {
                throw new SourceException(
                        "cannot read font " + FOLDER + file + ": " + e.getMessage(), e);
            }
        }
        return List.copyOf(fonts);
    }
}
