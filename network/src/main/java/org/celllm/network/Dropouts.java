package org.celllm.network;

import java.util.Arrays;
import java.util.stream.IntStream;
import org.bytedeco.javacpp.DoublePointer;
import org.bytedeco.javacpp.FloatPointer;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.global.torch.ScalarType;
import org.celllm.data.random.KeyedRandom;
import org.celllm.network.attention.SequenceLayout;
import org.celllm.network.runtime.TensorArrays;

/**
 * Dropout masks that belong to cells: a mask is a pure function of (seed, step, the cell's key, view, layer, site,
 * position in the cell, feature), so that a cell meets the same mask alone, in any chunk and in every pass of the
 * divided step. Kept values are divided by the chance of keeping.
 *
 * <p>The rate is rounded to a multiple of 1/65,536, four masks a random word.
 */
public final class Dropouts {
    /** Drops nothing. */
    public static final Dropouts NONE = new Dropouts(0, 0, new long[0], 0, 0);

    private static final long PURPOSE = 0x44524F50L;
    private static final int STEPS = 1 << 16;

    private final long seed;
    private final long step;
    private final long[] cellKeys;
    private final int view;
    private final int dropped;

    /** Where in the network a mask falls. */
    public enum Site {
        /** On the sum of token and gene embedding. */
        EMBEDDING(1),
        /** On what an attention block adds to the residual stream. */
        ATTENTION(2),
        /** On the hidden activations of a feed-forward block. */
        HIDDEN(3),
        /** On what a feed-forward block adds to the residual stream. */
        FEED_FORWARD(4);

        private final long key;

        Site(long key) {
            this.key = key;
        }
    }

    private Dropouts(long seed, long step, long[] cellKeys, int view, int dropped) {
        this.seed = seed;
        this.step = step;
        this.cellKeys = cellKeys;
        this.view = view;
        this.dropped = dropped;
    }

    /**
     * Masks of one view of a batch.
     *
     * @param seed the run's seed
     * @param step the optimiser's step
     * @param cellKeys [cells] what tells the cells of the sequences apart, e.g. their index in the batch
     * @param view number of the view
     * @param rate share of values dropped, 0 ≤ rate &lt; 1
     */
    public static Dropouts of(long seed, long step, long[] cellKeys, int view, double rate) {
        if (!(rate >= 0 && rate < 1)) {
            throw new IllegalArgumentException("dropout rate is " + rate + "; expected 0 ≤ rate < 1");
        }
        return new Dropouts(seed, step, cellKeys.clone(), view, (int) Math.round(rate * STEPS));
    }

    /** Whether nothing is dropped. */
    public boolean none() {
        return dropped == 0;
    }

    /** The masks of the cells {@code from … to − 1}. */
    public Dropouts slice(int from, int to) {
        return none() ? this : new Dropouts(seed, step, Arrays.copyOfRange(cellKeys, from, to), view, dropped);
    }

    /**
     * Applies the masks of a layer and site.
     *
     * @param values [rows of layout, width]
     * @return values when nothing is dropped
     */
    Tensor apply(Tensor values, SequenceLayout layout, int layer, Site site) {
        if (none()) {
            return values;
        }
        int[] firstRows = new int[layout.cells()];
        int[] rows = new int[layout.cells()];
        for (int cell = 0; cell < layout.cells(); cell++) {
            firstRows[cell] = layout.starts()[cell];
            rows[cell] = layout.length(cell);
        }
        return values.mul(mask(values, firstRows, rows, layer, site).to(values.scalar_type()));
    }

    /**
     * As {@link #apply}, for the CLS rows alone.
     *
     * @param values [cells, width]
     */
    Tensor applyToCls(Tensor values, int layer, Site site) {
        if (none()) {
            return values;
        }
        int cells = Math.toIntExact(values.size(0));
        int[] firstRows = IntStream.range(0, cells).toArray();
        int[] rows = IntStream.range(0, cells).map(cell -> 1).toArray();
        return values.mul(mask(values, firstRows, rows, layer, site).to(values.scalar_type()));
    }

    private Tensor mask(Tensor values, int[] firstRows, int[] rows, int layer, Site site) {
        if (cellKeys.length != rows.length) {
            throw new IllegalArgumentException(
                    "dropout knows " + cellKeys.length + " cells, the sequences have " + rows.length);
        }
        int width = Math.toIntExact(values.size(1));
        boolean wide = values.scalar_type().intern() == ScalarType.Double;
        // Rows of padding keep all their values.
        Tensor mask = TensorArrays.ones(wide ? ScalarType.Double : ScalarType.Float, values.size(0), width);
        float kept = (float) STEPS / (STEPS - dropped);
        IntStream.range(0, rows.length).parallel().forEach(cell -> {
            long key = KeyedRandom.key(seed, PURPOSE, step, cellKeys[cell], view, layer, site.key);
            float[] cellMask = cellMask(key, rows[cell] * width, kept);
            long first = (long) firstRows[cell] * width;
            if (wide) {
                double[] doubles = new double[cellMask.length];
                for (int i = 0; i < doubles.length; i++) {
                    doubles[i] = cellMask[i];
                }
                try (DoublePointer data = mask.data_ptr_double()) {
                    data.position(first).put(doubles);
                }
            } else {
                try (FloatPointer data = mask.data_ptr_float()) {
                    data.position(first).put(cellMask);
                }
            }
        });
        return mask;
    }

    private float[] cellMask(long key, int count, float kept) {
        float[] mask = new float[count];
        for (int i = 0; i < count; i += 4) {
            long word = KeyedRandom.key(key, i);
            int end = Math.min(4, count - i);
            for (int j = 0; j < end; j++) {
                mask[i + j] = ((word >>> (16 * j)) & 0xFFFF) < dropped ? 0 : kept;
            }
        }
        return mask;
    }
}
