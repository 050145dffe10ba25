package io.fluxfoam.teacher;

import io.fluxfoam.launch.FoamHome;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;

/**
 * The models of one node module: a directory that the build fills, and the list of what must be in
 * it. The list is the module's resource {@code models.sha256}, in the format of {@code sha256sum},
 * which the build checks too.
 */
public final class ModelDirectory {
    private static final String LIST = "models.sha256";

    private final Map<String, ModelFile> files = new LinkedHashMap<>();

    private ModelDirectory(
            Path directory, Map<String, String> digests, String source, boolean isOfTheBuild) {
        digests.forEach((name, sha256) -> {
            Path file = directory.resolve(name);
            files.put(name, new ModelFile(file, Optional.of(sha256), source, isOfTheBuild));
        });
    }

    /**
     * The models of a module.
     *
     * @param module directory name of the module under {@code nodes/}
     * @param anchor a class of the module's package that holds {@code models.sha256}
     * @param directory where to look; empty for the place where the build puts them
     * @throws ModelException if no directory is given and {@code foam.home} is not set
     */
    public static ModelDirectory of(String module, Class<?> anchor, Optional<Path> directory) {
        Path place =
                directory.orElseGet(() ->
                        FoamHome.resolve("nodes", module, "target", "models")
                                .orElseThrow(() ->
                                        new ModelException(
                                                "no models directory for "
                                                        + module
                                                        + ": give --models DIR or"
                                                        + " set -Dfoam.home=DIR")));
        String source =
                "the build fetches it: mvn -pl nodes/"
                        + module
                        + " -am package; or name its place with --models DIR";
        return new ModelDirectory(place, digests(anchor), source, directory.isEmpty());
    }

    /**
     * A model by its file name.
     *
     * @throws IllegalArgumentException if the module's list does not name it
     */
    public ModelFile file(String name) {
        ModelFile file = files.get(name);
        if (file == null) {
            throw new IllegalArgumentException(
                    "model " + name + " is not one of " + files.keySet());
        }
        return file;
    }

    /** All models of the list, in its order. */
    public Collection<ModelFile> files() {
        return files.values();
    }

    /** Names and digests of all models, on one line. */
    public String identity() {
        return files.entrySet().stream()
                .map(file -> file.getKey() + "=" + file.getValue().sha256().orElseThrow())
                .collect(Collectors.joining(" "));
    }

    private static Map<String, String> digests(Class<?> anchor) {
        try (InputStream list = anchor.getResourceAsStream(LIST)) {
            if (list == null) {
                throw new IllegalArgumentException(
                        "no resource " + LIST + " beside " + anchor.getName());
            }
            Map<String, String> digests = new LinkedHashMap<>();
            new String(list.readAllBytes(), StandardCharsets.UTF_8)
                    .lines()
                    .map(line -> line.split("\\s+", 2))
                    .forEach(fields -> digests.put(fields[1], fields[0]));
            return digests;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
