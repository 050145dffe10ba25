package io.fluxfoam.teacher.vision;

import io.fluxfoam.distill.Alignment;
import io.fluxfoam.distill.FrameShape;
import io.fluxfoam.teacher.FeatureSpec;
import io.fluxfoam.teacher.ModelDirectory;
import io.fluxfoam.teacher.Sample;
import io.fluxfoam.teacher.Sense;
import io.fluxfoam.teacher.Teacher;

import java.lang.foreign.MemorySegment;
import java.util.function.Consumer;

/**
 * Reads the text in a picture. Its features are what the recognizer saw in each of 40 columns of 8
 * pixels, so that they are aligned with the picture that the student sees: f32 [40, 120]. A picture
 * without text gives the features of its middle rows.
 */
final class ReadingTeacher implements Teacher {
    /** Another number for every change of what it makes of the same models. */
    private static final String PREPROCESSING = "columns 1";

    private static final int HEIGHT = FrameShape.STANDARD_HEIGHT;
    private static final int WIDTH = FrameShape.STANDARD_WIDTH;
    private static final int COLUMNS = 40;
    private static final int MIDDLE_FROM_ROW = 24;
    private static final int MIDDLE_TO_ROW = 72;

    private final ModelDirectory models;
    private final int threads;
    private final Consumer<TextDecoder.Reading> readings;
    private TextDetector detector;
    private TextRecognizer recognizer;

    /**
     * A teacher that loads its models later.
     *
     * @param readings told what each picture says, on the thread that infers; null if nobody wants
     *     to know
     */
    ReadingTeacher(ModelDirectory models, int threads, Consumer<TextDecoder.Reading> readings) {
        this.models = models;
        this.threads = threads;
        this.readings = readings;
    }

    @Override
    public FeatureSpec features() {
        return new FeatureSpec(
                Sense.PICTURE,
                new long[] {COLUMNS, TextRecognizer.CHANNELS},
                Alignment.PICTURE,
                PREPROCESSING + " " + models.identity(),
                true);
    }

    @Override
    public void load() {
        TextDecoder decoder =
                readings == null
                        ? null
                        : new TextDecoder(models.file("ppocr_keys_v1.txt").readBytes());
        detector =
                new TextDetector(models.file("ch_PP-OCRv4_det_infer.onnx"), threads, HEIGHT, WIDTH);
        recognizer =
                new TextRecognizer(models.file("ch_PP-OCRv4_rec_infer.onnx"), threads, decoder);
    }

    @Override
    public boolean infer(Sample sample, MemorySegment features) {
        sample.require(Sense.PICTURE, HEIGHT, WIDTH, 3);
        TextBand band = detector.find(sample.payload());
        int fromRow = band == null ? MIDDLE_FROM_ROW : band.fromRow();
        int toRow = band == null ? MIDDLE_TO_ROW : band.toRow();
        recognizer.recognize(sample.payload(), WIDTH, fromRow, toRow);
        Columns.resample(
                recognizer.features(),
                recognizer.steps(),
                features,
                COLUMNS,
                TextRecognizer.CHANNELS);
        if (readings != null) {
            readings.accept(recognizer.reading());
        }
        return true;
    }

    @Override
    public void close() {
        if (detector != null) {
            detector.close();
        }
        if (recognizer != null) {
            recognizer.close();
        }
    }
}
