package io.fluxfoam.sensor.media;

import io.fluxfoam.distill.Candidates;
import io.fluxfoam.distill.FrameShape;
import io.fluxfoam.distill.HoldoutRule;
import io.fluxfoam.sensor.FrameSource;
import io.fluxfoam.sensor.SourceException;

import org.jspecify.annotations.Nullable;

import java.lang.foreign.MemorySegment;
import java.nio.file.Path;
import java.util.List;
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

    private final List<MediaInput> parts;
    private final FrameShape shape;
    private final double framesPerSecond;
    private final boolean once;
    private final long seed;
    private final Consumer<String> notices;
    private Film film;
    private long frameOfPass = NOT_BEGUN;
    private boolean ended;
    private long damagedBefore;
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
        this.parts = MediaInput.parts(file);
        this.shape = shape;
        this.framesPerSecond = framesPerSecond;
        this.once = once;
        this.seed = seed;
        this.notices = notices;
        this.film = new Film(parts, shape, seed);
        if (!once && film.isKnownToEndBy(timeUs(HoldoutRule.EVERY - 1))) {
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
            frameOfPass = counter % HoldoutRule.EVERY;
        }
        if (passIsOver()) {
            if (once) {
                ended = true;
                return false;
            }
            beginAgain(counter);
            film.advance(timeUs(frameOfPass));
        }
        film.read(timeUs(frameOfPass), pictureRgb, soundF32);
        frameOfPass++;
        tellDamage();
        return true;
    }

    private void tellDamage() {
        if (!told && skippedItems() > 0) {
            told = true;
            notices.accept(
                    parts.getFirst().name()
                            + " is damaged: what cannot be decoded is left out and counted");
        }
    }

    private void beginAgain(long counter) throws SourceException {
        if (frameOfPass < HoldoutRule.EVERY) {
            throw tooShort();
        }
        damagedBefore = skippedItems();
        close();
        film = new Film(parts, shape, seed);
        frameOfPass = counter % HoldoutRule.EVERY;
    }

    private SourceException tooShort() {
        return new SourceException(
                "file too short, every third frame is held out: "
                        + parts.getFirst().name()
                        + " needs "
                        + HoldoutRule.EVERY
                        + " frames at framesPerSecond="
                        + framesPerSecond
                        + ", or --once");
    }

    @Override
    public @Nullable String caption() {
        return null;
    }

    /** Pieces of the file, again in each pass. */
    @Override
    public long skippedItems() {
        return damagedBefore + film.damaged();
    }

    @Override
    public void close() {
        film.close();
    }

    private long timeUs(long frame) {
        return Math.round(frame * Ffmpeg.MICROS_PER_SECOND / framesPerSecond);
    }

    /** A pass has its frame 0 in any case: the length of a single picture is nearly nothing. */
    private boolean passIsOver() throws SourceException {
        return !film.advance(timeUs(frameOfPass)) && frameOfPass > 0;
    }
}
