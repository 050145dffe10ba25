package io.fluxfoam.learn;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;

/**
 * Fashion-MNIST (Xiao, Rasul, Vollgraf 2017): 60,000 pictures to learn from and 10,000 for the
 * exam, as Debian packages them.
 *
 * @param training to learn from
 * @param exam held out
 */
record FashionMnist(LabelledPictures training, LabelledPictures exam) {
    private static final int SIDE = 28;
    private static final int CLASSES = 10;

    /** Where it is without {@code --data}: first what the script fetched, then Debian's package. */
    static List<Path> places(Path home) {
        return List.of(
                home.resolve(Path.of(".bench", "fashion-mnist")),
                Path.of("/usr/share/datasets/fashion-mnist"));
    }

    /**
     * The first folder that is there.
     *
     * @throws IOException with one line that says how to get it
     */
    static Path find(List<Path> folders) throws IOException {
        for (Path folder : folders) {
            if (Files.isRegularFile(folder.resolve("t10k-labels-idx1-ubyte.gz"))) {
                return folder;
            }
        }
        throw new IOException(
                "Fashion-MNIST is not here: run deploy/fashion-mnist.sh, or name its folder with --data"
                        + " (looked in "
                        + folders
                        + ')');
    }

    static FashionMnist read(Path folder) throws IOException {
        return new FashionMnist(part(folder, "train"), part(folder, "t10k"));
    }

    private static LabelledPictures part(Path folder, String name) throws IOException {
        Path pictures = folder.resolve(name + "-images-idx3-ubyte.gz");
        IdxFile images = IdxFile.read(pictures);
        IdxFile labels = IdxFile.read(folder.resolve(name + "-labels-idx1-ubyte.gz"));
        int[] extents = images.extents();
        if (extents.length != 3
                || extents[1] != SIDE
                || extents[2] != SIDE
                || labels.extents().length != 1
                || labels.extents()[0] != extents[0]) {
            throw new IOException(
                    "not Fashion-MNIST: path="
                            + pictures
                            + " pictures="
                            + Arrays.toString(extents)
                            + " labels="
                            + Arrays.toString(labels.extents()));
        }
        for (byte label : labels.bytes()) {
            if (label < 0 || label >= CLASSES) {
                throw new IOException("label=" + label + " is of no class: path=" + folder);
            }
        }
        return new LabelledPictures(SIDE, CLASSES, images.bytes(), labels.bytes());
    }
}
