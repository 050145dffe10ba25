package io.fluxfoam.student.replay;

import static java.nio.file.StandardCopyOption.ATOMIC_MOVE;

import io.fluxfoam.memory.LayoutException;
import io.fluxfoam.memory.MappedFile;
import io.fluxfoam.memory.Texts;

import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;

/**
 * The replay in mapped files, one for each part, {@code NODE.replay.PART} in the foam: they are the
 * memory itself, so a killed student's next life finds every store of the one before. A file,
 * little-endian:
 *
 * <pre>{@code
 *    0  i64      magic "FOAMRPLY"
 *    8  i32      layout version, 2; 1 had its statistics big-endian
 *   16  i64      bytes of the file
 *   64  u8[512]  content: what the body means, zero-padded UTF-8
 * 4096  body     see MomentArena and TargetColumn
 * }</pre>
 *
 * <p>The header is complete before the file gets its name, and never changes. A file that does not
 * fit is replaced by an empty one; where none can be made, the part lives in memory that ends with
 * the process. Both are reported. Only the holder of the node's mark opens these files.
 */
public final class ReplayFiles implements ReplayMemory, AutoCloseable {
    private static final long MAGIC = 0x594C5052_4D414F46L;
    private static final int VERSION = 2;
    private static final long VERSION_AT = 8;
    private static final long BYTES_AT = 16;
    private static final long CONTENT_AT = 64;
    private static final int CONTENT_BYTES = 512;
    private static final int HEADER_BYTES = 4096;
    private static final String PART = "[a-z0-9.-]{1,64}";

    private final Path base;
    private final String source;
    private final Consumer<IOException> onTrouble;
    private final List<MappedFile> files = new ArrayList<>();

    /**
     * The replay of a node.
     *
     * @param base what the names of all its files begin with
     * @param source where the moments come from: a replay of another source does not fit
     */
    public ReplayFiles(Path base, String source, Consumer<IOException> onTrouble) {
        this.base = base;
        this.source = source;
        this.onTrouble = onTrouble;
    }

    @Override
    public MemorySegment part(String name, String content, long bytes, Check check) {
        try {
            return takeUpOrCreate(path(name), content + " " + source, HEADER_BYTES + bytes, check);
        } catch (IOException e) {
            onTrouble.accept(
                    new IOException("replay will not outlive this process: " + e.getMessage(), e));
            return Arena.ofAuto().allocate(bytes, Long.BYTES);
        }
    }

    /** Whoever still reads the old file goes on reading it; it is gone when they are. */
    @Override
    public void forget(String name) {
        try {
            Files.deleteIfExists(path(name));
        } catch (IOException e) {
            onTrouble.accept(new IOException("replay cannot be forgotten: " + e.getMessage(), e));
        }
    }

    private Path path(String name) throws IOException {
        if (!name.matches(PART)) {
            throw new IOException(
                    "no name for a file: \"" + name.replaceAll("\\p{Cntrl}", "?") + "\"");
        }
        return base.resolveSibling(base.getFileName() + "." + name);
    }

    private MemorySegment takeUpOrCreate(Path path, String content, long bytes, Check check)
            throws IOException {
        try {
            return takeUp(path, content, bytes, check);
        } catch (NoSuchFileException e) {
            return create(path, content, bytes);
        } catch (IOException e) {
            onTrouble.accept(new IOException("replay begins empty: " + e.getMessage(), e));
            Files.delete(path);
            return create(path, content, bytes);
        }
    }

    private MemorySegment takeUp(Path path, String content, long bytes, Check check)
            throws IOException {
        MappedFile file = MappedFile.openReadWrite(path);
        try {
            requireHeader(path, file.segment(), content, bytes);
            MemorySegment body = file.segment().asSlice(HEADER_BYTES);
            try {
                check.check(body);
            } catch (IOException e) {
                throw corrupt(path, e.getMessage());
            }
            files.add(file);
            return body;
        } catch (IOException | RuntimeException | Error e) {
            file.close();
            throw e;
        }
    }

    private static void requireHeader(Path path, MemorySegment file, String content, long bytes)
            throws IOException {
        if (file.byteSize() < HEADER_BYTES) {
            throw corrupt(path, "bytes=" + file.byteSize() + " at least=" + HEADER_BYTES);
        }
        LayoutException.check(
                path,
                file.get(ValueLayout.JAVA_LONG, 0),
                MAGIC,
                file.get(ValueLayout.JAVA_INT, VERSION_AT),
                VERSION);
        String found;
        try {
            found = Texts.get(file, CONTENT_AT, CONTENT_BYTES);
        } catch (IllegalArgumentException e) {
            throw corrupt(path, e.getMessage());
        }
        long told = file.get(ValueLayout.JAVA_LONG, BYTES_AT);
        if (file.byteSize() != told) {
            throw corrupt(path, "bytes=" + file.byteSize() + " but the header says bytes=" + told);
        }
        if (!found.equals(content) || told != bytes) {
            throw new IOException(
                    "it does not fit: path="
                            + path
                            + " holds=\""
                            + found.replaceAll("\\p{Cntrl}", "?")
                            + "\" bytes="
                            + told
                            + " wanted=\""
                            + content
                            + "\" bytes="
                            + bytes);
        }
    }

    private static LayoutException corrupt(Path path, String detail) {
        return new LayoutException(LayoutException.Kind.CORRUPT, path, detail);
    }

    /** The file gets its name when its header is whole; one that was not finished is of no use. */
    private MemorySegment create(Path path, String content, long bytes) throws IOException {
        Path unfinished = path.resolveSibling("." + path.getFileName());
        Files.deleteIfExists(unfinished);
        MappedFile file = MappedFile.create(unfinished, bytes);
        try {
            MemorySegment header = file.segment();
            header.set(ValueLayout.JAVA_LONG, 0, MAGIC);
            header.set(ValueLayout.JAVA_INT, VERSION_AT, VERSION);
            header.set(ValueLayout.JAVA_LONG, BYTES_AT, bytes);
            Texts.put(header, CONTENT_AT, CONTENT_BYTES, content);
            Files.move(unfinished, path, ATOMIC_MOVE);
        } catch (IOException | RuntimeException | Error e) {
            file.close();
            Files.deleteIfExists(unfinished);
            throw e;
        }
        files.add(file);
        return file.segment().asSlice(HEADER_BYTES);
    }

    /** Unmaps all parts; the files stay. */
    @Override
    public void close() {
        files.forEach(MappedFile::close);
    }
}
