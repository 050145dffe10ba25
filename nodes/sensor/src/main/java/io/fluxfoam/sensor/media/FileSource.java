package io.fluxfoam.sensor.media;

import io.fluxfoam.heatmap.Candidates;
import io.fluxfoam.sensor.FrameShape;
import io.fluxfoam.sensor.FrameSource;
import io.fluxfoam.sensor.SourceException;
import io.fluxfoam.tensor.FrameNumber;

import java.lang.foreign.MemorySegment;
import java.nio.file.Path;
import java.util.Optional;
import java.util.function.Consumer;

/**
 * The pictures and the sound of a video, picture or sound file. Frame {@code k} of a pass shows the
 * picture at {@code k / framesPerSecond} seconds and the last whole sound window before it; windows
 * of neighbouring frames overlap. A file without pictures gives black ones, a file without sound
 * gives the noise floor.
 *
 * <p>Frame {@code k} is only ever read for a counter that is {@code k} modulo 3: one and the same
 * frame is TRAIN in every pass and every life of the sensor, or HOLDOUT in all of them. So a pass
 * begins with frame 0, 1 or 2. A file of fewer than three frames cannot hold any out and is refused
 * unless it is shown only once.
 */
public final class FileSource implements FrameSource {
    private static final long NOT_BEGUN = -1;

    private final MediaInput input;
    private final FrameShape shape;
    private final double framesPerSecond;
    private final boolean once;
    private final long seed;
    private final Consumer<String> notices;
    private Optional<PictureTrack> pictures = Optional.empty();
    private Optional<SoundTrack> sounds = Optional.empty();
    private final SoundRing silence;
    private long frameOfPass = NOT_BEGUN;
    private boolean ended;
    private long damaged;
    private boolean told;

    /**
     * Opens the file.
     *
     * @param framesPerSecond the pace at which the file is sampled
     * @param once end after one pass instead of beginning again
     * @param seed of the noise floor
     * @param notices told in one line that not all of the file can be decoded
     * @throws SourceException if it is missing, unreadable, has neither pictures nor sound, or is
     *     known to be too short
     */
    public FileSource(
            Path file,
            FrameShape shape,
            double framesPerSecond,
            boolean once,
            long seed,
            Consumer<String> notices)
            throws SourceException {
        this.input = MediaInput.file(file);
        this.shape = shape;
        this.framesPerSecond = framesPerSecond;
        this.once = once;
        this.seed = seed;
        this.notices = notices;
        this.silence = new SoundRing(seed);
        open();
        if (!once && endUs() <= timeUs(FrameNumber.HOLDOUT_EVERY - 1)) {
            close();
            throw tooShort();
        }
    }

    @Override
    public FrameShape shape() {
        return shape;
    }

    @Override
    public boolean captioned() {
        return false;
    }

    @Override
    public Candidates candidates() {
        return Candidates.NONE;
    }

    @Override
    public boolean read(long counter, MemorySegment pictureRgb, MemorySegment soundF32)
            throws SourceException {
        if (ended) {
            return false;
        }
        if (frameOfPass == NOT_BEGUN) {
            frameOfPass = counter % FrameNumber.HOLDOUT_EVERY;
        }
        readFrame(pictureRgb, soundF32);
        if (passIsOver()) {
            if (once) {
                ended = true;
                return false;
            }
            beginAgain(counter);
            readFrame(pictureRgb, soundF32);
        }
        frameOfPass++;
        tellDamage();
        return true;
    }

    private void tellDamage() {
        if (!told && skippedItems() > 0) {
            told = true;
            notices.accept(
                    input.name() + " is damaged: what cannot be decoded is left out and counted");
        }
    }

    private void beginAgain(long counter) throws SourceException {
        if (frameOfPass < FrameNumber.HOLDOUT_EVERY) {
            throw tooShort();
        }
        close();
        open();
        frameOfPass = counter % FrameNumber.HOLDOUT_EVERY;
    }

    private SourceException tooShort() {
        return new SourceException(
                "file too short, every third frame is held out: "
                        + input.name()
                        + " needs "
                        + FrameNumber.HOLDOUT_EVERY
                        + " frames at framesPerSecond="
                        + framesPerSecond
                        + ", or --once");
    }

    @Override
    public String caption() {
        return null;
    }

    /** Pieces of the file, again in each pass. */
    @Override
    public long skippedItems() {
        return damaged
                + pictures.map(PictureTrack::damaged).orElse(0L)
                + sounds.map(SoundTrack::damaged).orElse(0L);
    }

    @Override
    public void close() {
        damaged = skippedItems();
        pictures.ifPresent(PictureTrack::close);
        sounds.ifPresent(SoundTrack::close);
        pictures = Optional.empty();
        sounds = Optional.empty();
    }

    private void open() throws SourceException {
        Optional<PictureReader> pictureReader = PictureReader.open(input, shape);
        if (pictureReader.isPresent()) {
            pictures = Optional.of(new PictureTrack(pictureReader.get(), shape));
        }
        try {
            sounds = SoundReader.open(input).map(reader -> new SoundTrack(reader, seed));
        } catch (SourceException e) {
            close();
            throw e;
        }
    }

    private void readFrame(MemorySegment pictureRgb, MemorySegment soundF32)
            throws SourceException {
        long timeUs = timeUs(frameOfPass);
        if (pictures.isPresent()) {
            pictures.get().readAt(timeUs, pictureRgb);
        } else {
            pictureRgb.fill((byte) 0);
        }
        if (sounds.isPresent()) {
            sounds.get().readAt(timeUs, soundF32);
        } else {
            silence.window(0, soundF32);
        }
    }

    private long timeUs(long frame) {
        return Math.round(frame * Ffmpeg.MICROS_PER_SECOND / framesPerSecond);
    }

    /** A pass has its frame 0 in any case: the length of a single picture is nearly nothing. */
    private boolean passIsOver() {
        return frameOfPass > 0 && timeUs(frameOfPass) >= endUs();
    }

    /** When pictures and sound are over; {@link Long#MAX_VALUE} while that is not known. */
    private long endUs() {
        return Math.max(
                pictures.map(PictureTrack::endUs).orElse(0L),
                sounds.map(SoundTrack::endUs).orElse(0L));
    }
}
