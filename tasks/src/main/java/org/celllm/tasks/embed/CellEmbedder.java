package org.celllm.tasks.embed;

import java.io.IOException;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.UUID;
import java.util.stream.IntStream;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.global.torch;
import org.bytedeco.pytorch.global.torch.ScalarType;
import org.celllm.data.cells.CellBatch;
import org.celllm.data.genes.GeneVocabulary;
import org.celllm.network.CellLanguageModel;
import org.celllm.network.CellSequences;
import org.celllm.network.Dropouts;
import org.celllm.network.NetworkConfig;
import org.celllm.network.Pooling;
import org.celllm.network.runtime.Native;
import org.celllm.network.runtime.TensorArrays;
import org.celllm.network.runtime.Workers;
import org.celllm.network.weights.ModelFolder;
import org.celllm.network.weights.StoredModel;
import org.celllm.tasks.pieces.RunBasis;
import org.celllm.training.memory.FreedMemory;
import org.jspecify.annotations.Nullable;

/**
 * Turns cells into vectors with a trained model. A cell's vector does not depend on the cells beside it, to rounding.
 *
 * <p>Thread safe. One call keeps all of {@link EmbedSettings#threads()} busy, each with a chunk of cells of its own.
 * {@link #close()} frees the weights and must come last.
 */
public final class CellEmbedder implements AutoCloseable {
    private final StoredModel stored;
    private final EmbedSettings settings;
    private final Pooling pooling;
    private final int chunkPositions;
    private final Workers workers;
    private final @Nullable Path folder;

    private final FreedMemory freed;

    private CellEmbedder(StoredModel stored, @Nullable Path folder, EmbedSettings settings) {
        this.stored = stored;
        this.folder = folder;
        this.settings = settings;
        Pooling asked = settings.pooling();
        this.pooling = asked == null ? stored.model().options().pooling() : asked;
        this.chunkPositions = EncodingChunks.positions(stored.model().config());
        this.workers = new Workers(settings.threads());
        this.freed = FreedMemory.within(settings.memory());
    }

    /**
     * Opens a model folder.
     *
     * @throws org.celllm.data.InputException when it is no model
     */
    public static CellEmbedder open(Path model, EmbedSettings settings) throws IOException {
        return new CellEmbedder(ModelFolder.read(model, settings.precision()), model, settings);
    }

    /** An embedder around a model that is in memory already; it is closed with the embedder. */
    public static CellEmbedder of(StoredModel model, EmbedSettings settings) {
        return new CellEmbedder(model, null, settings);
    }

    /** The genes the model knows. */
    public GeneVocabulary genes() {
        return stored.genes();
    }

    /** Size and kind of the network. */
    public NetworkConfig network() {
        return stored.model().config();
    }

    /** Width of a vector. */
    public int dim() {
        return stored.model().config().dim();
    }

    /** How cells are embedded. */
    public EmbedSettings settings() {
        return settings;
    }

    /** Which vector stands for a cell: what was asked for, or what the model was trained on. */
    public Pooling pooling() {
        return pooling;
    }

    /**
     * What the bits of a vector depend on besides the cells it is encoded with: model, pooling, number formats, processor,
     * libraries. A model that was never in a folder is like no other.
     */
    public RunBasis basis() throws IOException {
        return RunBasis.of(
                        "model",
                        folder == null
                                ? "in memory, " + UUID.randomUUID()
                                : ModelHash.of(folder).substring(0, 16))
                .and("pool", pooling.word())
                .and(Computation.basis(settings.precision()));
    }

    /**
     * Embeds raw counts.
     *
     * @param counts [cells][genes], not negative
     * @param geneNames [genes] symbols, or identifiers of the kind that the model's genes have; genes the model does not
     *     know count towards a cell's total only
     * @return [cells][dim]
     * @throws org.celllm.data.InputException when too few genes are known to the model
     */
    public float[][] embed(float[][] counts, List<String> geneNames) {
        return embed(CountMatrix.batch(counts, geneNames, settings.identity(), genes()));
    }

    /**
     * Embeds cells over the model's vocabulary.
     *
     * @return [cells][dim]
     */
    public float[][] embed(CellBatch batch) {
        return embed(CellTokens.of(batch, network()));
    }

    /**
     * Embeds sequences that are made already, such as views of cells.
     *
     * @param sequences none longer than the network takes
     * @return [cells][dim]
     */
    public float[][] embed(CellSequences sequences) {
        CellLanguageModel model = stored.model();
        float[][] rows = new float[sequences.cells()][];
        List<int[]> chunks = EncodingChunks.of(sequences, chunkPositions);
        workers.run(workers.count(), chunks.size(), (worker, number) -> {
            int[] cells = chunks.get(number);
            float[][] pooled = pool(model, sequences.select(cells));
            for (int i = 0; i < cells.length; i++) {
                rows[cells[i]] = pooled[i];
            }
            freed.check();
        });
        return rows;
    }

    /**
     * Guesses the expression tokens of some genes from the rest of their cells; of all tokens, so that what a model gives to CLS
     * and the mask counts against it.
     *
     * @param sequences none longer than the network takes
     * @param rows ascending, of the genes in an encoding of the sequences ({@link CellSequences#clsRow})
     * @param tokens the true ones
     */
    public TokenGuesses guess(CellSequences sequences, long[] rows, long[] tokens) {
        TokenGuesses guesses = new TokenGuesses(new int[rows.length], new double[rows.length]);
        int[] first = new int[sequences.cells() + 1];
        for (int cell = 0; cell < sequences.cells(); cell++) {
            int next = first[cell];
            long end = (long) sequences.clsRow(cell) + sequences.length(cell);
            while (next < rows.length && rows[next] <= end) {
                next++;
            }
            first[cell + 1] = next;
        }
        List<int[]> chunks = EncodingChunks.of(sequences, chunkPositions);
        workers.run(workers.count(), chunks.size(), (worker, number) -> {
            int[] cells = chunks.get(number);
            CellSequences chunk = sequences.select(cells);
            int[] asked = Arrays.stream(cells)
                    .flatMap(cell -> IntStream.range(first[cell], first[cell + 1]))
                    .toArray();
            long[] chunkRows = new long[asked.length];
            int next = 0;
            for (int i = 0; i < cells.length; i++) {
                for (int a = first[cells[i]]; a < first[cells[i] + 1]; a++) {
                    chunkRows[next++] = rows[a] - sequences.clsRow(cells[i]) + chunk.clsRow(i);
                }
            }
            if (asked.length > 0) {
                guess(chunk, chunkRows, asked, tokens, guesses);
            }
            freed.check();
        });
        return guesses;
    }

    private void guess(CellSequences chunk, long[] rows, int[] asked, long[] tokens, TokenGuesses into) {
        CellLanguageModel model = stored.model();
        Native.runWithoutGradient(() -> {
            Tensor encoded = model.encode(chunk, Dropouts.NONE).index_select(0, torch.tensor(rows));
            float[][] logits = TensorArrays.rows(
                    torch.log_softmax(model.tokenLogits(encoded).to(ScalarType.Float), 1));
            for (int i = 0; i < asked.length; i++) {
                int best = 0;
                for (int token = 1; token < logits[i].length; token++) {
                    best = logits[i][token] > logits[i][best] ? token : best;
                }
                into.likeliest()[asked[i]] = best;
                into.logLikelihood()[asked[i]] = logits[i][(int) tokens[asked[i]]];
            }
        });
    }

    private float[][] pool(CellLanguageModel model, CellSequences chunk) {
        float[][][] rows = new float[1][][];
        Native.runWithoutGradient(() -> {
            Tensor pooled = switch (pooling) {
                case CLS -> model.encodeCls(chunk, Dropouts.NONE);
                case MEAN -> model.mean(model.encode(chunk, Dropouts.NONE), chunk);
            };
            rows[0] = TensorArrays.rows(pooled);
        });
        return rows[0];
    }

    /** Frees the weights and ends the threads. */
    @Override
    public void close() {
        workers.close();
        stored.close();
    }
}
