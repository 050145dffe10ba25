package io.fluxfoam.teacher.vision;

import io.fluxfoam.distill.Alignment;
import io.fluxfoam.distill.Axes;
import io.fluxfoam.distill.FrameShape;
import io.fluxfoam.teacher.FeatureSpec;
import io.fluxfoam.teacher.ModelDirectory;
import io.fluxfoam.teacher.Sample;
import io.fluxfoam.teacher.Sense;
import io.fluxfoam.teacher.Teacher;
import io.fluxfoam.teacher.TensorSpec;

import java.lang.foreign.MemorySegment;
import java.util.function.Consumer;

/**
 * Reads the text in a picture. Its features are what the recognizer saw in each of 40 columns of
 * the picture, so that they are aligned with what the student sees: f32 [40, 120]. A picture
 * without text gives the features of its middle rows.
 */
final class ReadingTeacher implements Teacher {
    /** Another number for every change of what it makes of the same models. */
    private static final String PREPROCESSING = "columns 1";

    private static final int COLUMNS = 40;

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
                Axes.ROWS,
                PREPROCESSING + " " + models.identity(),
                true);
    }

    @Override
    public void load() {
        TextDecoder decoder =
                readings == null
                        ? null
                        : new TextDecoder(models.file("ppocr_keys_v1.txt").readBytes());
        detector = new TextDetector(models.file("ch_PP-OCRv4_det_infer.onnx"), threads);
        detector.prepare(FrameShape.STANDARD.height(), FrameShape.STANDARD.width());
        recognizer =
                new TextRecognizer(models.file("ch_PP-OCRv4_rec_infer.onnx"), threads, decoder);
    }

    @Override
    public boolean infer(Sample sample, MemorySegment features) {
        sample.require(Sense.PICTURE, TensorSpec.ANY, TensorSpec.ANY, 3);
        int rows = Math.toIntExact(sample.shape()[0]);
        int columns = Math.toIntExact(sample.shape()[1]);
        TextDetector.Rows text = detector.find(sample.payload(), rows, columns);
        int fromRow = text == null ? rows / 4 : text.from();
        int toRow = text == null ? rows - rows / 4 : text.to();
        recognizer.recognize(sample.payload(), columns, fromRow, toRow);
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
