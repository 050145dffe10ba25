package io.fluxfoam.teacher.memory;

import org.jspecify.annotations.Nullable;

import java.io.IOException;
import java.lang.foreign.MemorySegment;
import java.nio.file.FileStore;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;
import java.util.stream.Stream;
import java.util.zip.CRC32C;

/**
 * Results by fingerprint, in mapped files that all lives of a node share, {@code memory.1}, {@code
 * memory.2} and so on. Results are added to the newest file. When that is full, another one is
 * made; when all together would have more than the limit, or more than the device can well give,
 * the file goes whose results were used or added longest ago, with all that is in it.
 *
 * <p>What the next life sees if this one dies: every result whose seal was stored, and nothing of
 * any other. A file that is none, or is damaged, is reported and removed; one of another namespace
 * is removed. For one thread.
 */
final class MemoryStore implements AutoCloseable {
    /** No place. */
    static final long NONE = FingerprintIndex.NONE;

    /** Its index then has 6 MiB. */
    static final int MOST_RESULTS = 1 << 17;

    private static final String PREFIX = "memory.";
    private static final String NUMBERED = "\\.?memory\\.(\\d{1,15})";
    private static final int FILES = 64;
    private static final int PAGE_BYTES = 4096;
    private static final int OFFSET_BITS = 40;

    /** No file has more than an eighth of all results, so that not too many go at once. */
    private static final int MOST_FILE_SHARE = 8;

    /** Of a device, an eighth is left to others. */
    private static final int SHARE_LEFT = 8;

    /** After a failure, so many results are not kept before the next try. */
    private static final int PATIENCE = 1024;

    private final Path directory;
    private final Namespace namespace;
    private final Consumer<IOException> trouble;
    private final long limitBytes;
    private final long fileBytes;
    private final FileStore device;
    private final FingerprintIndex index = new FingerprintIndex();
    private final CRC32C crc = new CRC32C();

    /** By number of a location; null where there is none. */
    private final @Nullable StoreFile[] files = new StoreFile[FILES];

    private final long[] lastUse = new long[FILES];
    private int newest = -1;
    private long nextNumber = 1;
    private long uses;
    private long clock;
    private int refused;
    private boolean wasReported;

    /**
     * Opens what is there.
     *
     * @param limitBytes most bytes of all files together
     * @param mostPayloadBytes of one result
     * @param trouble told of what could not be read or kept
     * @throws IOException if the limit has no room for two results, or the directory cannot be read
     */
    MemoryStore(
            Path directory,
            Namespace namespace,
            long limitBytes,
            long mostPayloadBytes,
            Consumer<IOException> trouble)
            throws IOException {
        this.directory = directory;
        this.namespace = namespace;
        this.trouble = trouble;
        this.limitBytes = limitBytes;
        long least = pages(StoreFile.bytesFor(mostPayloadBytes));
        this.fileBytes = Math.max(least, limitBytes / FILES / PAGE_BYTES * PAGE_BYTES);
        if (2 * fileBytes > limitBytes) {
            throw new IOException(
                    "memory limit too small: limitBytes="
                            + limitBytes
                            + " at least="
                            + 2 * fileBytes
                            + " for results of bytes="
                            + mostPayloadBytes);
        }
        this.device = Files.getFileStore(directory);
        openAll();
    }

    private static long pages(long bytes) {
        return (bytes + PAGE_BYTES - 1) / PAGE_BYTES * PAGE_BYTES;
    }

    private void openAll() throws IOException {
        for (Path path : paths()) {
            long number = number(path);
            nextNumber = Math.max(nextNumber, number + 1);
            if (path.getFileName().toString().startsWith(".")) {
                Files.deleteIfExists(path); // whoever made it died before it had its name
                continue;
            }
            int slot = free();
            if (slot < 0) {
                slot = leastUsed();
                evict(slot);
            }
            open(path, slot);
        }
        while (bytes() > limitBytes) {
            evict(leastUsed());
        }
    }

    private List<Path> paths() throws IOException {
        try (Stream<Path> all = Files.list(directory)) {
            List<Path> paths =
                    new ArrayList<>(
                            all.filter(path -> path.getFileName().toString().matches(NUMBERED))
                                    .toList());
            paths.sort((one, other) -> Long.compare(number(one), number(other)));
            return paths;
        }
    }

    private static long number(Path path) {
        return Long.parseLong(path.getFileName().toString().replaceFirst(NUMBERED, "$1"));
    }

    private void open(Path path, int slot) throws IOException {
        StoreFile file;
        try {
            file = StoreFile.open(path, (_, _, _) -> {});
        } catch (IOException e) {
            trouble.accept(new IOException("memory begins anew: " + e.getMessage(), e));
            discard(path);
            return;
        }
        if (!file.isOf(namespace)) {
            file.remove();
            return;
        }
        files[slot] = file;
        lastUse[slot] = ++uses;
        newest = slot;
        file.forEach((first, second, offset) -> {
            index.put(first, second, location(slot, offset));
            clock = Math.max(clock, file.validUntil(offset) - file.validFor(offset));
        });
        while (index.size() > MOST_RESULTS) {
            evict(leastUsed());
        }
    }

    private void discard(Path path) {
        try {
            Files.deleteIfExists(path);
        } catch (IOException e) { // a folder that is not empty: its number is not used again
            trouble.accept(new IOException("not removed: " + e, e));
        }
    }

    private static long location(int slot, long offset) {
        return slot + 1L << OFFSET_BITS | offset;
    }

    private static int slot(long location) {
        return (int) (location >>> OFFSET_BITS) - 1;
    }

    private static long offset(long location) {
        return location & (1L << OFFSET_BITS) - 1;
    }

    private StoreFile file(long location) {
        StoreFile file = files[slot(location)];
        if (file == null) {
            throw new IllegalStateException("no file: location=" + location);
        }
        return file;
    }

    /** The number of the newest look-up of all lives that is known of. */
    long clock() {
        return clock;
    }

    /**
     * What is stored; null if nothing is. It has not been checked yet whether its bytes are what
     * they were: see {@link #isIntact}.
     */
    @Nullable Stored find(Fingerprint fingerprint) {
        long location = index.get(fingerprint.first(), fingerprint.second());
        if (location == NONE) {
            return null;
        }
        StoreFile file = file(location);
        long offset = offset(location);
        if (file.first(offset) != fingerprint.first()
                || file.second(offset) != fingerprint.second()) {
            // Another process has written there, as two foams with one state folder would do.
            index.remove(fingerprint.first(), fingerprint.second(), location);
            return null;
        }
        lastUse[slot(location)] = ++uses;
        return new Stored(
                location,
                file.isSpoken(offset),
                file.payload(offset),
                file.validFor(offset),
                file.validUntil(offset));
    }

    /** Whether these are the bytes that were stored. */
    boolean isIntact(Stored stored, MemorySegment bytes) {
        return crc(bytes) == file(stored.location()).crc(offset(stored.location()));
    }

    private int crc(MemorySegment bytes) {
        crc.reset();
        crc.update(bytes.asByteBuffer());
        return (int) crc.getValue();
    }

    /** Sets how long a stored result stays valid. */
    void validity(Stored stored, long validFor, long validUntil) {
        file(stored.location()).validity(offset(stored.location()), validFor, validUntil);
    }

    /**
     * Stores a result, in the place of one that the fingerprint may have. If it cannot be stored,
     * nothing is.
     *
     * @param features empty if there are none
     */
    void put(
            Fingerprint fingerprint,
            boolean spoken,
            MemorySegment features,
            long validFor,
            long validUntil) {
        boolean fits = StoreFile.bytesFor(features.byteSize()) <= fileBytes;
        StoreFile file = fits ? fileFor(features.byteSize()) : null;
        if (file == null) {
            return;
        }
        long offset =
                file.append(fingerprint, spoken, features, crc(features), validFor, validUntil);
        index.put(fingerprint.first(), fingerprint.second(), location(newest, offset));
        lastUse[newest] = ++uses;
    }

    private @Nullable StoreFile fileFor(long payloadBytes) {
        StoreFile file = newest < 0 ? null : files[newest];
        boolean isFull =
                file == null
                        || !file.hasRoom(payloadBytes)
                        || file.records() >= MOST_RESULTS / MOST_FILE_SHARE;
        if (!isFull && index.size() < MOST_RESULTS) {
            return file;
        }
        if (refused > 0) {
            refused--;
            return null;
        }
        try {
            return add();
        } catch (IOException e) {
            refused = PATIENCE;
            if (!wasReported) {
                wasReported = true;
                trouble.accept(new IOException("memory cannot grow: " + e.getMessage(), e));
            }
            return null;
        }
    }

    private StoreFile add() throws IOException {
        boolean hasRoom = bytes() + fileBytes <= limitBytes && deviceHasRoom();
        int slot = free();
        if (!hasRoom || slot < 0 || index.size() >= MOST_RESULTS) {
            int victim = leastUsed();
            if (victim < 0) {
                throw new IOException("no space left: the device has less than an eighth");
            }
            evict(victim);
            slot = victim;
        }
        long number = nextNumber++;
        StoreFile file = StoreFile.create(directory.resolve(PREFIX + number), namespace, fileBytes);
        files[slot] = file;
        lastUse[slot] = ++uses;
        newest = slot;
        return file;
    }

    private boolean deviceHasRoom() throws IOException {
        return device.getUsableSpace() - fileBytes >= device.getTotalSpace() / SHARE_LEFT;
    }

    private int free() {
        for (int slot = 0; slot < FILES; slot++) {
            if (files[slot] == null) {
                return slot;
            }
        }
        return -1;
    }

    /** The one used longest ago; below 0 if there is none. */
    private int leastUsed() {
        int least = -1;
        for (int slot = 0; slot < FILES; slot++) {
            if (files[slot] != null && (least < 0 || lastUse[slot] < lastUse[least])) {
                least = slot;
            }
        }
        return least;
    }

    private void evict(int slot) throws IOException {
        StoreFile file = files[slot];
        if (file == null) {
            return;
        }
        file.forEach(
                (first, second, offset) -> index.remove(first, second, location(slot, offset)));
        files[slot] = null;
        newest = newest == slot ? -1 : newest;
        file.remove();
    }

    /** Forgets one result, until its file is opened again. */
    void forget(Fingerprint fingerprint, Stored stored) {
        index.remove(fingerprint.first(), fingerprint.second(), stored.location());
    }

    /** Removes all results. */
    void purge() throws IOException {
        for (int slot = 0; slot < FILES; slot++) {
            evict(slot);
        }
        index.clear();
    }

    int results() {
        return index.size();
    }

    long bytes() {
        long bytes = 0;
        for (StoreFile file : files) {
            bytes += file == null ? 0 : file.bytes();
        }
        return bytes;
    }

    /** Unmaps the files; they stay. */
    @Override
    public void close() {
        for (int slot = 0; slot < FILES; slot++) {
            StoreFile file = files[slot];
            if (file != null) {
                file.close();
                files[slot] = null;
            }
        }
        index.clear();
        newest = -1;
    }
}
