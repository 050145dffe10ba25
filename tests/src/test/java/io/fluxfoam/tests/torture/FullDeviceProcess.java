package io.fluxfoam.tests.torture;

import io.fluxfoam.device.Device;
import io.fluxfoam.liveness.FoamDirectory;
import io.fluxfoam.node.Node;
import io.fluxfoam.node.NodeAgent;
import io.fluxfoam.node.NodeContext;
import io.fluxfoam.node.NodeRunner;
import io.fluxfoam.stream.Claim;
import io.fluxfoam.stream.StreamSpec;
import io.fluxfoam.stream.StreamWriter;
import io.fluxfoam.tensor.DType;

import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/**
 * Fills a small device in every way that a node can, and prints one line for each refusal.
 * Argument: a folder on the device. Whatever is allocated for less than it was asked for ends this
 * process with SIGBUS at the first touch.
 */
final class FullDeviceProcess {
    private static final int FILES_KEPT = 3;

    private final FoamDirectory foam;

    private FullDeviceProcess(FoamDirectory foam) {
        this.foam = foam;
    }

    public static void main(String[] args) throws Exception {
        FullDeviceProcess process =
                new FullDeviceProcess(FoamDirectory.create(Path.of(args[0], "foam")));
        process.createUntilFull();
        process.createBesideEverySizeOfFreeSpace(Path.of(args[0], "filler"));
        process.joinAFullFoam(Path.of(args[0], "filler"));
        System.out.println("done");
        System.out.flush();
        Runtime.getRuntime().halt(0);
    }

    private static StreamSpec spec(int number, long words) {
        return StreamSpec.of("s" + number, DType.I64, words);
    }

    /**
     * Streams that fit are whole and can be filled; the first one that does not fit leaves nothing.
     */
    private void createUntilFull() throws IOException {
        List<StreamWriter> writers = new ArrayList<>();
        for (int number = 0; ; number++) {
            List<String> before = sorted();
            try {
                writers.add(
                        StreamWriter.create(
                                foam, "ear", 1, spec(number, 2_048), Device.of("host")));
            } catch (IOException e) {
                refused("stream", e, before);
                break;
            }
            touch(writers.getLast());
        }
        System.out.println("streams=" + writers.size());
        for (StreamWriter writer : writers) {
            touch(writer);
            writer.remove();
            writer.close();
        }
    }

    private static void touch(StreamWriter writer) {
        for (int i = 0; i < 2 * writer.header().spec().slots(); i++) {
            try (Claim claim = writer.claim()) {
                Tensors.fill(claim.payload(), claim.payload().byteSize(), i);
                claim.commit(i, i);
            }
        }
    }

    /**
     * The device has room for the payload but not for the control file, for a page less, and so on.
     */
    private void createBesideEverySizeOfFreeSpace(Path filler) throws IOException {
        int made = 0;
        for (long freePages = 0; freePages < 90; freePages++) {
            fill(filler, freePages * 4_096);
            List<String> before = sorted();
            try (StreamWriter writer =
                    StreamWriter.create(foam, "ear", 2, spec(0, 512), Device.of("host"))) {
                touch(writer);
                writer.remove();
                made++;
            } catch (IOException e) {
                refused("beside " + freePages + " pages", e, before);
            }
        }
        System.out.println("made=" + made);
        Files.delete(filler);
    }

    private void joinAFullFoam(Path filler) throws Exception {
        NodeAgent idle =
                new NodeAgent() {
                    @Override
                    public void onStart(Node node) throws IOException {
                        node.publish(spec(0, 512));
                    }

                    @Override
                    public int doWork() {
                        return 0;
                    }
                };
        for (long freePages : new long[] {0, 1, 10, 57, 58, 60, 75, 80, 100, 130}) {
            fill(filler, freePages * 4_096);
            NodeContext context = new NodeContext().foam(foam.path()).name("eye").role("idler");
            try {
                NodeRunner runner = NodeRunner.launch(context, idle);
                runner.stop();
                Throwable failure = runner.await();
                if (failure instanceof IOException refusal) {
                    refused("node beside " + freePages + " pages", refusal, List.of());
                } else if (failure != null) {
                    throw new AssertionError("freePages=" + freePages, failure);
                }
            } catch (IOException e) {
                refused("name beside " + freePages + " pages", e, List.of());
            }
        }
        Files.delete(filler);
        NodeRunner runner =
                NodeRunner.launch(
                        new NodeContext().foam(foam.path()).name("eye").role("idler"), idle);
        runner.stop();
        if (runner.await() != null || foam.filesOf("eye").size() > FILES_KEPT) {
            throw new AssertionError("left behind: " + foam.list());
        }
    }

    /** Leaves so many bytes of the device free. */
    private static void fill(Path filler, long freeBytes) throws IOException {
        Files.deleteIfExists(filler);
        Files.createFile(filler);
        long bytes = filler.toFile().getUsableSpace() - freeBytes;
        byte[] page = new byte[4_096];
        try (OutputStream out = Files.newOutputStream(filler)) {
            for (long written = 0; written + page.length <= bytes; written += page.length) {
                out.write(page);
            }
        }
    }

    private void refused(String what, IOException e, List<String> before) throws IOException {
        if (e.getMessage().lines().count() != 1
                || !e.getMessage().contains(foam.path().toString())) {
            throw new AssertionError(what + ": no clear line", e);
        }
        if (!before.isEmpty() && !before.equals(sorted())) {
            throw new AssertionError(what + ": left behind " + sorted() + " before " + before);
        }
        System.out.println(what + ": " + e.getMessage());
    }

    private List<String> sorted() throws IOException {
        return foam.list().stream().sorted().toList();
    }
}
