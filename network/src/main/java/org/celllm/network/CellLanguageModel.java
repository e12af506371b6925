package org.celllm.network;

import java.util.Map;
import java.util.function.Function;
import org.bytedeco.pytorch.GradMode;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.TensorOptional;
import org.bytedeco.pytorch.TensorVector;
import org.bytedeco.pytorch.global.torch;
import org.celllm.network.attention.RandomFeatures;
import org.celllm.network.attention.SequenceLayout;
import org.celllm.network.runtime.GradientTape;
import org.celllm.network.runtime.Native;
import org.celllm.network.runtime.Precision;
import org.celllm.network.runtime.TensorArrays;
import org.jspecify.annotations.Nullable;

/**
 * The encoder with its heads and all their weights.
 *
 * <p>Runs with a gradient, or without one under a {@link org.bytedeco.pytorch.NoGradGuard}. A cell's encoding does not depend on the cells
 * beside it. Results belong to the innermost open {@link org.bytedeco.javacpp.PointerScope}. Several threads may encode at once as long as
 * none changes weights or redraws features.
 */
public final class CellLanguageModel implements AutoCloseable {
    /**
     * Standard deviation of the embeddings of tokens and genes before training. Small: every layer normalises what it
     * reads, so the scale is lost on it, and steps of an optimiser move small numbers further.
     */
    public static final double FIRST_SPREAD = 0.05;

    /** With more of the rows than this it is as well to compute all: they go through one product instead of two. */
    private static final double MOST_SELECTED = 0.8;

    private final NetworkConfig config;
    private final ModelOptions options;
    private final Precision precision;
    private final EncoderBody body;
    private final ModelWeights weights;
    private int frozenLayers;

    private CellLanguageModel(NetworkConfig config, ModelOptions options, Precision precision, ModelWeights weights) {
        this.config = config;
        this.options = options;
        this.weights = weights;
        boolean exact = config.padding() == PaddingMode.PUBLISHED && precision == Precision.BFLOAT16;
        this.precision = exact ? Precision.FLOAT32 : precision;
        this.body = new EncoderBody(config, this.precision, weights::find, weights::gradient);
    }

    /**
     * A model with random weights and random gene embeddings.
     *
     * @param seed decides every weight
     */
    public static CellLanguageModel create(NetworkConfig config, ModelOptions options, long seed, Precision precision) {
        return create(config, options, seed, precision, null);
    }

    /**
     * A model with random weights over given gene embeddings.
     *
     * @param seed decides every weight
     * @param geneTable [genes · dim] embeddings of the genes, row by row, or {@code null} for random ones
     */
    public static CellLanguageModel create(
            NetworkConfig config, ModelOptions options, long seed, Precision precision, float @Nullable [] geneTable) {
        WeightInitialiser initialiser = new WeightInitialiser(config, seed, geneTable);
        return of(config, options, precision, (name, shape) -> TensorArrays.of(initialiser.values(name, shape), shape));
    }

    /**
     * The same model for another thread to differentiate: it shares the weights' memory, and its gradients are its own
     * until {@link #takeGradients} fetches them. Closing it leaves the weights alone.
     */
    public CellLanguageModel replica() {
        CellLanguageModel replica = new CellLanguageModel(config, options, precision, weights.replica());
        replica.frozenLayers = frozenLayers;
        return replica;
    }

    /**
     * From now on only the last layer and the final norm are trained, as the published fine-tuning has it: the layers below
     * record no gradient and keep nothing for the way back. The heads stay as they are.
     */
    public void trainLastLayerOnly() {
        int last = config.depth() - 1;
        weights.freeze(name -> !WeightShapes.isOfLayer(name, last)
                && !name.equals(WeightShapes.FINAL_NORM)
                && !name.equals(WeightShapes.FINAL_NORM_BIAS));
        frozenLayers = last;
    }

    /** Adds a replica's gradients to this model's, and sets the replica's to zero. */
    public void takeGradients(CellLanguageModel replica) {
        weights.takeGradients(replica.weights);
    }

    /** Where the weights of a model come from. */
    @FunctionalInterface
    public interface WeightSource {
        /**
         * @return the weight {@code name} in that shape, of any number format; it is copied
         */
        Tensor weight(String name, long[] shape);
    }

    /** A model whose every weight is asked of {@code source}. */
    public static CellLanguageModel of(
            NetworkConfig config, ModelOptions options, Precision precision, WeightSource source) {
        return new CellLanguageModel(config, options, precision, ModelWeights.of(config, options, precision, source));
    }

    /** Size and kind of the network. */
    public NetworkConfig config() {
        return config;
    }

    /** Heads and what is trained. */
    public ModelOptions options() {
        return options;
    }

    /** Number formats. */
    public Precision precision() {
        return precision;
    }

    /** What training changes, by published name, in a fixed order. Unmodifiable; the tensors are the weights. */
    public Map<String, Tensor> trainable() {
        return weights.trainable();
    }

    /** What training leaves alone: the gene table (unless it is trained) and the random directions. */
    public Map<String, Tensor> frozen() {
        return weights.frozen();
    }

    /** All weights, in the order of {@link WeightShapes#of}. */
    public Map<String, Tensor> weights() {
        return weights.inOrderOf(WeightShapes.of(config, options).keySet());
    }

    /**
     * Draws the random directions of every layer anew: a pure function of (seed, draw, layer).
     *
     * @param draw number of the draw
     */
    public void redrawFeatures(long seed, long draw) {
        for (int layer = 0; layer < config.depth(); layer++) {
            int number = layer;
            Native.runWithoutGradient(() -> {
                double[] directions =
                        RandomFeatures.orthogonal(config.randomFeatures(), config.headDim(), seed, draw, number);
                weight(WeightShapes.directions(number))
                        .copy_(TensorArrays.of(directions, config.randomFeatures(), config.headDim()));
            });
        }
    }

    /**
     * Encodes cells.
     *
     * @param cells no cell longer than {@link NetworkConfig#maxLength()} − 1 in published padding mode
     * @param dropouts masks, or {@link Dropouts#NONE}
     * @return [{@link CellSequences#positions()}, dim] after the final norm
     */
    public Tensor encode(CellSequences cells, Dropouts dropouts) {
        return encode(cells, dropouts, null);
    }

    /**
     * Encodes cells, in less time and memory where a gradient is wanted.
     *
     * @param tape takes the way back, which the caller walks after the loss's own backward; {@code null} for none
     * @return [{@link CellSequences#positions()}, dim] after the final norm
     */
    public Tensor encode(CellSequences cells, Dropouts dropouts, @Nullable GradientTape tape) {
        GradientTape used = GradMode.is_enabled() ? tape : null;
        return encode(
                cells,
                used,
                layout -> layers(cells, layout, dropouts, config.depth(), layout.hasPadding() ? null : used, null));
    }

    /**
     * Encodes cells, and gives some rows alone: in less time and memory where a gradient is wanted, there are few of them, and
     * nothing drops out, since the last layer then leaves out what they do not depend on.
     *
     * @param read the rows
     * @param tape as in {@link #encode(CellSequences, Dropouts, GradientTape)}
     * @return [{@link RowSelection#count()}, dim] after the final norm
     */
    public Tensor encode(CellSequences cells, RowSelection read, Dropouts dropouts, @Nullable GradientTape tape) {
        boolean alone = tape != null && computesAlone(read, dropouts);
        return Native.scoped(() -> {
            if (!alone) {
                return torch.index_select(encode(cells, dropouts, tape), 0, torch.tensor(read.rows()));
            }
            SequenceLayout layout = rounded(SequenceLayout.of(cells, config.padding(), config.maxLength()));
            Tensor x = layers(cells, layout, dropouts, config.depth(), tape, read);
            return finalNorm(x).narrow(0, 0, read.count());
        });
    }

    /**
     * Bytes of a position, at most, by which a tape that keeps {@link GradientTape.Keeping#ALL} takes more than one that keeps the
     * most; 0 where it would be no faster.
     */
    public long worthKeeping(Dropouts dropouts) {
        return body.worthKeeping(dropouts, config.depth() - frozenLayers);
    }

    /** Whether the last layer leaves out what these rows do not depend on. */
    boolean computesAlone(RowSelection read, Dropouts dropouts) {
        return GradMode.is_enabled()
                && config.padding() == PaddingMode.NONE
                && read.share() < MOST_SELECTED
                && body.selects(dropouts);
    }

    /**
     * What the layers that are trained read of some cells. While only they change, this stays as it is and can be kept.
     *
     * @return [{@link SequenceLayout#rows()} without filler, dim], without a gradient; rows as {@link SequenceLayout} has them
     */
    public Tensor lower(CellSequences cells) {
        return Native.withoutGradient(() -> {
            SequenceLayout given = SequenceLayout.of(cells, config.padding(), config.maxLength());
            return layers(cells, rounded(given), Dropouts.NONE, frozenLayers, null, null)
                    .narrow(0, 0, given.rows());
        });
    }

    /**
     * Encodes cells from what {@link #lower} gave of them; without dropout, whose masks would differ from step to step.
     *
     * @param lower [rows without filler, dim]
     * @param tape as in {@link #encode(CellSequences, Dropouts, GradientTape)}
     * @return [{@link CellSequences#positions()}, dim] after the final norm
     */
    public Tensor encodeUpper(CellSequences cells, Tensor lower, @Nullable GradientTape tape) {
        GradientTape taken = GradMode.is_enabled() ? tape : null;
        return encode(cells, taken, layout -> {
            long missing = layout.rows() - lower.size(0);
            Tensor rows = missing == 0
                    ? lower.clone()
                    : torch.cat(
                            new TensorVector(lower, TensorArrays.zeros(lower.scalar_type(), missing, config.dim())));
            GradientTape used = layout.hasPadding() ? null : taken;
            return body.run(rows, layout, Dropouts.NONE, frozenLayers, config.depth(), used, null);
        });
    }

    private Tensor encode(CellSequences cells, @Nullable GradientTape tape, Function<SequenceLayout, Tensor> layersOf) {
        return Native.scoped(() -> {
            SequenceLayout given = SequenceLayout.of(cells, config.padding(), config.maxLength());
            boolean taped = tape != null && !given.hasPadding();
            SequenceLayout layout = GradMode.is_enabled() && !taped ? given : rounded(given);
            Tensor x = finalNorm(layersOf.apply(layout));
            return layout.rows() > layout.positions() ? x.narrow(0, 0, layout.positions()) : x;
        });
    }

    /**
     * The encodings of CLS alone: as {@link #cls} of {@link #encode}, for less work where no gradient is recorded.
     *
     * @return [cells, dim]
     */
    public Tensor encodeCls(CellSequences cells, Dropouts dropouts) {
        if (GradMode.is_enabled() || config.padding() != PaddingMode.NONE) {
            return Native.scoped(() -> cls(encode(cells, dropouts), cells));
        }
        return Native.scoped(() -> {
            SequenceLayout layout = rounded(SequenceLayout.of(cells, config.padding(), config.maxLength()));
            int last = config.depth() - 1;
            Tensor x = layers(cells, layout, dropouts, last, null, null);
            return finalNorm(body.cls(x, layout, dropouts, last));
        });
    }

    /**
     * The CLS rows of an encoding.
     *
     * @param encoded [positions, dim]
     * @return [cells, dim]
     */
    public Tensor cls(Tensor encoded, CellSequences cells) {
        return Native.scoped(() -> {
            int[] rows = new int[cells.cells()];
            for (int cell = 0; cell < rows.length; cell++) {
                rows[cell] = cells.clsRow(cell);
            }
            return torch.index_select(encoded, 0, TensorArrays.of(rows, rows.length));
        });
    }

    /**
     * The mean over the expressed positions of each cell; zeros for a cell that expresses nothing.
     *
     * @param encoded [positions, dim]
     * @return [cells, dim]
     */
    public Tensor mean(Tensor encoded, CellSequences cells) {
        return Native.scoped(() -> {
            int count = cells.cells();
            int[] owner = new int[cells.positions()];
            double[] share = new double[cells.positions()];
            for (int cell = 0; cell < count; cell++) {
                int cls = cells.clsRow(cell);
                owner[cls] = cell;
                for (int i = 1; i <= cells.length(cell); i++) {
                    owner[cls + i] = cell;
                    share[cls + i] = 1.0 / cells.length(cell);
                }
            }
            Tensor weighted =
                    encoded.mul(TensorArrays.of(share, cells.positions(), 1).to(encoded.scalar_type()));
            return TensorArrays.zeros(encoded.scalar_type(), count, config.dim())
                    .index_add(0, TensorArrays.of(owner, owner.length), weighted);
        });
    }

    /**
     * Logits of the expression tokens.
     *
     * @param rows [n, dim] rows of an encoding
     * @return [n, tokens]
     */
    public Tensor tokenLogits(Tensor rows) {
        return head(rows, WeightShapes.TOKEN_HEAD, WeightShapes.TOKEN_HEAD_BIAS);
    }

    /**
     * Logits of cancer (positive) against normal.
     *
     * @param cls [cells, dim]
     * @return [cells]
     */
    public Tensor diseaseLogits(Tensor cls) {
        return Native.scoped(() -> head(cls, WeightShapes.DISEASE_HEAD, WeightShapes.DISEASE_HEAD_BIAS)
                .squeeze(1));
    }

    /**
     * What the contrastive loss compares: a product, GELU and a second product; the pooled encoding itself where there
     * is no projection head.
     *
     * @param pooled [cells, dim]
     * @return [cells, projection] or pooled
     */
    public Tensor project(Tensor pooled) {
        if (options.projection() == 0) {
            return pooled;
        }
        return Native.scoped(() -> {
            Tensor hidden = torch.gelu(head(pooled, WeightShapes.PROJECTION_1, WeightShapes.PROJECTION_1_BIAS));
            return head(hidden, WeightShapes.PROJECTION_2, WeightShapes.PROJECTION_2_BIAS);
        });
    }

    /** Frees the weights. */
    @Override
    public void close() {
        body.close();
        weights.close();
    }

    /** With filler where the products are kept by size; not around padding, whose rows stand last. */
    private SequenceLayout rounded(SequenceLayout layout) {
        return precision != Precision.FLOAT64 && !layout.hasPadding() ? layout.rounded() : layout;
    }

    private Tensor layers(
            CellSequences cells,
            SequenceLayout layout,
            Dropouts dropouts,
            int layers,
            @Nullable GradientTape tape,
            @Nullable RowSelection read) {
        int without = GradMode.is_enabled() ? Math.min(frozenLayers, layers) : 0;
        Tensor rows = new CellEmbedding(config, weights).embed(cells, layout, without == 0 ? tape : null);
        Tensor embedded = dropouts.apply(rows, layout, -1, Dropouts.Site.EMBEDDING);
        if (without == 0) {
            return body.run(embedded, layout, dropouts, 0, layers, tape, read);
        }
        Tensor lower = Native.withoutGradient(() -> body.run(embedded, layout, dropouts, 0, without, null, null));
        return body.run(lower, layout, dropouts, without, layers, tape, read);
    }

    private Tensor finalNorm(Tensor x) {
        return EncoderLayer.norm(x, weight(WeightShapes.FINAL_NORM), weight(WeightShapes.FINAL_NORM_BIAS));
    }

    private Tensor head(Tensor rows, String weight, String bias) {
        return Native.scoped(() -> torch.linear(rows, weight(weight), new TensorOptional(weight(bias))));
    }

    private Tensor weight(String name) {
        return weights.get(name);
    }
}
