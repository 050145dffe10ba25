package io.fluxfoam.cli;

import io.fluxfoam.distill.HoldoutRule;
import io.fluxfoam.liveness.FoamDirectory;
import io.fluxfoam.liveness.MarkView;
import io.fluxfoam.liveness.Names;
import io.fluxfoam.stream.StreamPeek;

import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.util.Arrays;
import java.util.Locale;
import java.util.Optional;
import java.util.concurrent.Callable;

/** {@code ./foam tail}. */
@Command(
        name = "tail",
        description =
                "Follow a stream: header and statistics of each tensor. Takes no lease; what goes"
                        + " by too fast is left out.")
final class TailCommand implements Callable<Integer> {
    private static final long LOOK_EVERY_MS = 5;

    @Mixin private FoamOptions options;

    @Option(
            names = {"-n", "--count"},
            paramLabel = "N",
            description = "End after this many tensors (default: go on).")
    private long count = Long.MAX_VALUE;

    @Parameters(paramLabel = "NODE/STREAM", description = "For example sensor/picture.")
    private String target;

    @Override
    public Integer call() throws Exception {
        int slash = target.indexOf('/');
        if (slash < 0) {
            throw new IllegalArgumentException("wanted NODE/STREAM: " + target);
        }
        String node = Names.checkNode(target.substring(0, slash));
        String stream = Names.check("stream", target.substring(slash + 1));
        if (count < 1) {
            throw new IllegalArgumentException("--count must be at least 1: " + count);
        }
        FoamDirectory foam = options.open();
        if (!Files.exists(foam.mark(node))) {
            throw new IllegalArgumentException("no such node: " + node);
        }
        long left = count;
        while (left > 0) {
            long incarnation = MarkView.read(foam, node).incarnation();
            left -= follow(foam, node, incarnation, stream, left);
        }
        return 0;
    }

    /** Prints one incarnation's tensors until there is a newer one; returns how many. */
    private static long follow(
            FoamDirectory foam, String node, long incarnation, String stream, long atMost)
            throws IOException, InterruptedException {
        String control = FoamDirectory.fileName(node, incarnation, stream + ".control");
        long printed = 0;
        try (StreamPeek peek = StreamPeek.open(foam, control)) {
            Printer printer = new Printer(peek);
            long sequence = 0;
            while (printed < atMost) {
                Optional<StreamPeek.Copy> copy = peek.newerThan(sequence);
                if (copy.isPresent()) {
                    printer.print(
                            copy.get(), sequence == 0 ? 0 : copy.get().sequence() - sequence - 1);
                    sequence = copy.get().sequence();
                    printed++;
                } else {
                    MarkView mark = MarkView.read(foam, node);
                    if (mark.incarnation() != incarnation) {
                        return printed;
                    }
                    if (!mark.state().isHeld()) {
                        throw new IOException(
                                node
                                        + " is "
                                        + mark.state()
                                        + " and "
                                        + stream
                                        + " ended: sequence="
                                        + sequence);
                    }
                    Thread.sleep(LOOK_EVERY_MS);
                }
            }
        } catch (NoSuchFileException e) {
            MarkView mark = MarkView.read(foam, node);
            if (mark.incarnation() == incarnation) {
                throw new IOException(
                        node
                                + " ("
                                + mark.state()
                                + ") has no stream "
                                + stream
                                + ": incarnation="
                                + incarnation);
            }
        }
        return printed;
    }

    /** One line for each tensor. */
    private static final class Printer {
        private final StreamPeek stream;

        private Printer(StreamPeek stream) {
            this.stream = stream;
        }

        void print(StreamPeek.Copy copy, long skipped) {
            System.out.printf(
                    Locale.ROOT,
                    "%d  frame %s%s  %s%s  age %s  tag %d  %s%s%s%n",
                    copy.sequence(),
                    SlotsCommand.frame(copy.frameNumber()),
                    HoldoutRule.isHoldout(copy.frameNumber()) ? " HOLDOUT" : "",
                    stream.header().spec().dtype().name().toLowerCase(Locale.ROOT),
                    Arrays.toString(copy.shape()).replace(" ", ""),
                    age(copy),
                    copy.tag(),
                    TensorStatistics.of(stream.header().spec().dtype(), copy.bytes()),
                    skipped > 0 ? "  (" + skipped + " left out)" : "",
                    copy.intact() ? "" : "  TORN: the bytes have not the checksum of their header");
        }

        private static String age(StreamPeek.Copy copy) {
            return copy.publishNs() == 0
                    ? "-"
                    : String.format(
                            Locale.ROOT, "%.1f ms", (copy.publishNs() - copy.captureNs()) / 1e6);
        }
    }
}
