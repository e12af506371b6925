package org.celllm.training.views;

import java.util.Arrays;
import org.celllm.data.cells.CellBatch;
import org.celllm.data.features.SparseRows;
import org.celllm.data.random.KeyedRandom;
import org.celllm.data.tokens.CellExpression;
import org.celllm.data.tokens.ExpressionTokens;
import org.celllm.data.tokens.ValueState;
import org.celllm.network.CellSequences;
import org.celllm.network.NetworkConfig;

/**
 * Takes the views of cells. A view is a pure function of (seed, step, the cell's place in the batch, view): the two
 * passes of the divided step call this with different chunks and get the same sequences.
 *
 * <p>Immutable and thread safe.
 */
public final class CellViews {
    private static final long GENES = 1;
    private static final long MASKS = 2;
    private static final long COUNTS = 3;

    private final ViewSettings settings;
    private final NetworkConfig network;
    private final long seed;

    /**
     * @param settings what to hide, thin and mask
     * @param network for the number of tokens and the longest sequence
     * @param seed the run's seed
     */
    public CellViews(ViewSettings settings, NetworkConfig network, long seed) {
        this.settings = settings;
        this.network = network;
        this.seed = seed;
    }

    /** What these views hide, thin and mask. */
    public ViewSettings settings() {
        return settings;
    }

    /** The most positions that the views of a cell take, with their CLS. */
    public int positions(CellBatch batch, int cell) {
        return ViewSettings.VIEWS * (settings.kept(batch.length(cell), network.maxLength() - 1) + 1);
    }

    /**
     * The views of consecutive cells of a batch.
     *
     * @param batch the whole batch
     * @param from the first cell's place in the batch
     * @param to one past the last
     * @param step the optimiser step, from 0
     */
    public ViewedCells of(CellBatch batch, int from, int to, long step) {
        int cells = to - from;
        int most = 0;
        for (int cell = from; cell < to; cell++) {
            most += positions(batch, cell);
        }
        Builder builder = new Builder(cells * ViewSettings.VIEWS, most);
        for (int view = 0; view < ViewSettings.VIEWS; view++) {
            for (int cell = from; cell < to; cell++) {
                append(builder, batch, cell, step, view);
            }
        }
        return builder.build(cells);
    }

    /**
     * What the same views show as expression rather than tokens, masked genes included.
     *
     * @param batch the whole batch, over the network's genes
     * @param from the first cell's place in the batch
     * @param to one past the last
     * @param step the optimiser step, from 0
     * @return [cells × views, genes] log1p of counts per 10,000, in the order of {@link ViewedCells#sequences()}
     */
    public SparseRows expression(CellBatch batch, int from, int to, long step) {
        int most = 0;
        for (int cell = from; cell < to; cell++) {
            most += positions(batch, cell);
        }
        int[] offsets = new int[(to - from) * ViewSettings.VIEWS + 1];
        int[] genes = new int[most];
        float[] values = new float[most];
        int[] at = {0};
        int row = 0;
        for (int view = 0; view < ViewSettings.VIEWS; view++) {
            for (int cell = from; cell < to; cell++) {
                look(batch, cell, step, view, (gene, expression) -> {
                    genes[at[0]] = gene;
                    values[at[0]++] = expression;
                });
                offsets[++row] = at[0];
            }
        }
        return new SparseRows(network.genes(), offsets, genes, values);
    }

    private void append(Builder out, CellBatch batch, int cell, long step, int view) {
        int first = out.length;
        look(batch, cell, step, view, (gene, expression) -> out.add(gene, token(expression)));
        mask(out, first, KeyedRandom.of(seed, step, cell, view, MASKS));
        out.endCell(KeyedRandom.key(cell, view));
    }

    private int token(float expression) {
        return ExpressionTokens.token(expression, network.tokens());
    }

    /** Takes what a view shows of a cell, genes ascending. */
    @FunctionalInterface
    private interface Seen {
        void gene(int gene, float expression);
    }

    private void look(CellBatch batch, int cell, long step, int view, Seen seen) {
        int start = batch.offsets()[cell];
        int length = batch.length(cell);
        ValueState state = batch.states()[cell];
        boolean thinned = settings.thin() < 1 && state == ValueState.COUNTS;
        KeyedRandom genes = KeyedRandom.of(seed, step, cell, view, GENES);
        KeyedRandom counts = KeyedRandom.of(seed, step, cell, view, COUNTS);
        double share = thinned ? Math.pow(settings.thin(), counts.nextDouble()) : 1;
        Binomial molecules = new Binomial(share);
        CellExpression expressions = new CellExpression(network.tokens());
        expressions.begin(batch.totals()[cell] * share, state);
        int wanted = settings.kept(length, network.maxLength() - 1);
        for (int i = 0; i < length && wanted > 0; i++) {
            if (wanted < length - i && below(genes, length - i) >= wanted) {
                continue;
            }
            wanted--;
            float value = batch.values()[start + i];
            if (thinned) {
                value = molecules.draw(counts, Math.round(value));
                if (value == 0) {
                    continue;
                }
            }
            seen.gene(batch.genes()[start + i], expressions.of(value));
        }
    }

    /** A number from 0 to {@code bound} − 1, each as likely to one in 2³²: no division, of which there is one a gene. */
    private static int below(KeyedRandom random, int bound) {
        return (int) (((random.nextLong() >>> 32) * bound) >>> 32);
    }

    private void mask(Builder out, int first, KeyedRandom random) {
        int length = out.length - first;
        if (settings.mask() == 0 || length == 0) {
            return;
        }
        int wanted = Math.max(1, (int) Math.round(settings.mask() * length));
        int maskToken = ExpressionTokens.mask(network.tokens());
        for (int i = 0; i < length && wanted > 0; i++) {
            if (below(random, length - i) < wanted) {
                wanted--;
                out.mask(first + i, random.nextDouble() < settings.replaced() ? maskToken : -1);
            }
        }
    }

    /** Grows the arrays of the sequences; sized once from what the views can hold at most. */
    private static final class Builder {
        private final int[] offsets;
        private final int[] genes;
        private final int[] tokens;
        private final long[] keys;
        private long[] maskedRows = new long[256];
        private long[] maskedTokens = new long[256];
        private int masked;
        private int cells;
        private int length;

        Builder(int sequences, int most) {
            offsets = new int[sequences + 1];
            genes = new int[most];
            tokens = new int[most];
            keys = new long[sequences];
        }

        void add(int gene, int token) {
            genes[length] = gene;
            tokens[length] = token;
            length++;
        }

        void mask(int place, int replacement) {
            if (masked == maskedRows.length) {
                maskedRows = Arrays.copyOf(maskedRows, masked * 2);
                maskedTokens = Arrays.copyOf(maskedTokens, masked * 2);
            }
            // One CLS row stands before the genes of each cell up to and including this one.
            maskedRows[masked] = place + cells + 1L;
            maskedTokens[masked] = tokens[place];
            masked++;
            if (replacement >= 0) {
                tokens[place] = replacement;
            }
        }

        void endCell(long key) {
            keys[cells] = key;
            cells++;
            offsets[cells] = length;
        }

        ViewedCells build(int wholeCells) {
            CellSequences sequences =
                    new CellSequences(cells, offsets, Arrays.copyOf(genes, length), Arrays.copyOf(tokens, length));
            return new ViewedCells(
                    wholeCells,
                    sequences,
                    keys,
                    Arrays.copyOf(maskedRows, masked),
                    Arrays.copyOf(maskedTokens, masked));
        }
    }
}
