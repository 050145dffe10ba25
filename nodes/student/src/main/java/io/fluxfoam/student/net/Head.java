package io.fluxfoam.student.net;

import static org.bytedeco.pytorch.global.torch.adaptive_avg_pool1d;
import static org.bytedeco.pytorch.global.torch.cat;
import static org.bytedeco.pytorch.global.torch.linear;
import static org.bytedeco.pytorch.global.torch.upsample_linear1d;

import io.fluxfoam.distill.Alignment;
import io.fluxfoam.distill.HeadCorrection;
import io.fluxfoam.distill.Width;

import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.TensorVector;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.util.List;
import java.util.stream.IntStream;

/**
 * Predicts one region of the heatmap, standardised, {@code [batch, tokens * dim]}. A region whose
 * tokens stand on a grid is predicted step by step from the features of that grid, resampled first
 * if the region has another number of tokens, and on the picture from what was seen of the whole of
 * it too; an utterance as {@link VoiceDecoder} says it; any other from the fused features of the
 * whole frame. Each head has its own parameters: adding, masking or removing one leaves all others
 * as they are to the last bit.
 */
final class Head {
    private static final double ALIGNED_GAIN = 1;
    private static final double FUSED_GAIN = .5;

    private final Alignment alignment;
    private final int tokens;
    private final int dim;
    private final ParameterGroup group;

    /**
     * An untrained head.
     *
     * @param wholeChannels of the core's features
     */
    Head(
            Arena arena,
            Width width,
            long wholeChannels,
            String name,
            Alignment alignment,
            int tokens,
            int dim,
            long seed) {
        this.alignment = alignment;
        this.tokens = tokens;
        this.dim = dim;
        ParameterGroup.Builder builder = new ParameterGroup.Builder("head/" + name);
        switch (alignment) {
            case PICTURE ->
                    builder.joining(
                            "out",
                            ALIGNED_GAIN,
                            dim,
                            PictureTrunk.channels(width),
                            SightTrunk.channels(width),
                            SightTrunk.channels(width),
                            SightTrunk.channels(width));
            case SOUND -> builder.joining("out", ALIGNED_GAIN, dim, SoundTrunk.channels(width));
            case NONE -> builder.linear("out", FUSED_GAIN, (long) tokens * dim, wholeChannels);
            case SPEECH -> VoiceDecoder.declare(builder, width, dim);
        }
        group = builder.build(arena, seed);
    }

    /** A head of the same region for features of this width; untrained. */
    Head ofWidth(Width width, long wholeChannels, Arena arena, String name, long seed) {
        return new Head(arena, width, wholeChannels, name, alignment, tokens, dim, seed);
    }

    Alignment alignment() {
        return alignment;
    }

    ParameterGroup group() {
        return group;
    }

    /** What of it reads the units behind a layer of the trunk. */
    List<UnitRenewal.Reader> readers(String layer) {
        return switch (alignment) {
            case PICTURE ->
                    switch (layer) {
                        case "picture.5" -> reads("out", 0);
                        case "sight.4" -> reads("out", 1, 2, 3);
                        default -> List.of();
                    };
            case SOUND -> layer.equals("sound.4") ? reads("out", 0) : List.of();
            case NONE -> layer.equals("fusion") ? reads("out", 0) : List.of();
            case SPEECH -> layer.equals("picture.5") ? reads("context", 0) : List.of();
        };
    }

    private List<UnitRenewal.Reader> reads(String parameter, int... parts) {
        return IntStream.of(parts)
                .mapToObj(part -> new UnitRenewal.Reader(group, parameter, part))
                .toList();
    }

    /** Predicts a region that stands on no grid from the fused features. */
    Tensor ofWhole(Tensor fused, boolean training) {
        TensorView view = view(training);
        return linear(fused, view.tensor("out"), view.optional("out.bias"));
    }

    /** Says a region that is an utterance. */
    VoiceDecoder.Utterance utterance(Senses senses, boolean training) {
        return decoder(training).say(senses, training);
    }

    /** See {@link VoiceDecoder#misjudgedEnd}. */
    Tensor misjudgedEnd(VoiceDecoder.Utterance said, Goal goal) {
        return decoder(true).misjudgedEnd(said, goal);
    }

    private VoiceDecoder decoder(boolean training) {
        return new VoiceDecoder(view(training), tokens, dim);
    }

    /** Predicts a region whose tokens stand on a grid, or in the time of an utterance. */
    Tensor overGrid(Senses senses, boolean training) {
        if (alignment == Alignment.SPEECH) {
            return utterance(senses, training).spectrogram();
        }
        Tensor features =
                alignment == Alignment.PICTURE
                        ? overPicture(senses)
                        : resampled(senses.sound().grid());
        return Layers.pointwise(view(training), "out", features).transpose(1, 2).flatten(1, 2);
    }

    /**
     * At each token its own columns, seen sharply and as part of the whole, and the whole itself:
     * of a map that was made from all rows and all colours the window alone knows little. It only
     * reads what the sight has learned: a region that asked it for more would have it look for what
     * the window sees better.
     */
    private Tensor overPicture(Senses senses) {
        SightTrunk.Glance whole = senses.whole();
        Tensor everywhere =
                cat(new TensorVector(whole.largest(), whole.mean()), 1)
                        .detach()
                        .unsqueeze(2)
                        .expand(new long[] {-1, -1, tokens}, false);
        Tensor coarse = cat(new TensorVector(resampled(whole.grid().detach()), everywhere), 1);
        Tensor sharp = resampled(senses.window().grid());
        return cat(new TensorVector(sharp, coarse.narrow(0, 0, sharp.size(0))), 1);
    }

    private TensorView view(boolean training) {
        return training ? group.learned() : group.averaged();
    }

    private Tensor resampled(Tensor grid) {
        long steps = grid.size(2);
        if (tokens < steps) {
            return adaptive_avg_pool1d(grid, tokens);
        }
        return tokens > steps ? upsample_linear1d(grid, new long[] {tokens}, false) : grid;
    }

    /** Keeps the de-standardised prediction when the statistics of the region change. */
    void correct(HeadCorrection correction) {
        correction.apply(group.segment("out"), group.segment("out.bias"));
        long bytes = group.segment("out").byteSize();
        MemorySegment averages = group.averages();
        correction.apply(
                averages.asSlice(0, bytes),
                averages.asSlice(bytes, group.segment("out.bias").byteSize()));
    }
}
