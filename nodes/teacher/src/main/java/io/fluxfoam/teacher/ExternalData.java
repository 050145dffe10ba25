package io.fluxfoam.teacher;

import io.fluxfoam.onnx.Proto;
import io.fluxfoam.onnx.Proto.Field;
import io.fluxfoam.onnx.Proto.Message;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Collection;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.function.UnaryOperator;

/**
 * The weights that an ONNX model keeps in files of their own, found as the model names them: beside
 * it, or beside the file that it links to. Links are followed. A model hub's cache is nothing but
 * links into one folder of blobs; the runtime takes them for an escape from the model's folder, so
 * such a model is given to it with the names and the folder of the files themselves.
 */
final class ExternalData {
    private static final String LOCATION = "location";

    /** Messages of a model that lead to the names of files, and the fields that lead on. */
    private enum Kind {
        ENTRY(Map.of()),
        TENSOR(Map.of(13, "ENTRY")),
        ATTRIBUTE(Map.of(5, "TENSOR", 10, "TENSOR", 6, "GRAPH", 11, "GRAPH")),
        NODE(Map.of(5, "ATTRIBUTE")),
        GRAPH(Map.of(1, "NODE", 5, "TENSOR")),
        FUNCTION(Map.of(7, "NODE")),
        MODEL(Map.of(7, "GRAPH", 25, "FUNCTION"));

        private final Map<Integer, String> parts;

        Kind(Map<Integer, String> parts) {
            this.parts = parts;
        }
    }

    private final ByteBuffer model;
    private final Map<String, Path> files;
    private final Path folder;
    private final boolean isElsewhere;

    private ExternalData(
            ByteBuffer model, Map<String, Path> files, Path folder, boolean isElsewhere) {
        this.model = model;
        this.files = files;
        this.folder = folder;
        this.isElsewhere = isElsewhere;
    }

    /**
     * Finds the files of a model. One that is not there, or whose name leads out of the model's
     * folder, is left for the runtime to refuse.
     *
     * @param path the model's own file
     * @throws IllegalArgumentException if the bytes are no model
     */
    static ExternalData of(Path path, ByteBuffer model) throws IOException {
        Path beside = path.toAbsolutePath().getParent();
        Path own = beside.toRealPath();
        Map<String, Path> files = new TreeMap<>();
        boolean isElsewhere = false;
        for (String name : files(model)) {
            Path file = find(name, beside, path.toRealPath().getParent());
            if (file != null) {
                files.put(name, file);
                isElsewhere |= !file.startsWith(own) || Files.notExists(beside.resolve(name));
            }
        }
        Path folder = isElsewhere ? commonFolder(files.values()) : beside;
        return new ExternalData(model, files, folder, isElsewhere);
    }

    private static Path find(String name, Path... folders) throws IOException {
        Path relative = Path.of(name).normalize();
        if (relative.isAbsolute() || relative.startsWith("..")) {
            return null;
        }
        for (Path folder : folders) {
            if (Files.isRegularFile(folder.resolve(relative))) {
                return folder.resolve(relative).toRealPath();
            }
        }
        return null;
    }

    private static Path commonFolder(Collection<Path> files) {
        Path common = files.iterator().next().getParent();
        for (Path file : files) {
            while (!file.startsWith(common)) {
                common = common.getParent();
            }
        }
        return common;
    }

    /** The names by which a model knows its files. */
    static Set<String> files(ByteBuffer model) {
        Set<String> names = new TreeSet<>();
        rename(
                Kind.MODEL,
                model,
                name -> {
                    names.add(name);
                    return name;
                });
        return names;
    }

    private static Message rename(Kind kind, ByteBuffer message, UnaryOperator<String> name) {
        Message renamed = new Message();
        boolean isLocation = false;
        for (Field field : Proto.fields(message)) {
            isLocation |= kind == Kind.ENTRY && field.isBody(1) && field.text().equals(LOCATION);
            String part = kind.parts.get(field.number());
            if (isLocation && field.isBody(2)) {
                renamed.text(2, name.apply(field.text()));
            } else if (part != null && field.isBody(field.number())) {
                renamed.message(field.number(), rename(Kind.valueOf(part), field.body(), name));
            } else {
                renamed.field(field);
            }
        }
        return renamed;
    }

    /** The files that were found, by the model's name for them, in the order of the names. */
    Map<String, Path> files() {
        return files;
    }

    /** The folder in which the runtime finds all of them by the names in {@link #model}. */
    Path folder() {
        return folder;
    }

    /** The model, to be used with {@link #folder}. */
    ByteBuffer model() {
        if (!isElsewhere) {
            return model.duplicate();
        }
        return rename(
                        Kind.MODEL,
                        model,
                        name ->
                                files.containsKey(name)
                                        ? folder.relativize(files.get(name)).toString()
                                        : name)
                .toBuffer();
    }
}
