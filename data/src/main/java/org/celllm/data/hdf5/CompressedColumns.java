package org.celllm.data.hdf5;

import java.io.IOException;
import org.celllm.data.matrix.Coordinates;

/** A cells × genes matrix stored gene by gene: the csc of AnnData. */
public final class CompressedColumns implements Coordinates {
    private static final int STEP = 1 << 16;

    private final SparseParts parts;
    private final long[] pointers;
    private final int cells;

    /**
     * @param parts the three arrays
     * @param cells rows
     * @param genes columns
     */
    public CompressedColumns(SparseParts parts, int cells, int genes) {
        this.parts = parts;
        this.cells = cells;
        this.pointers = parts.pointers(genes);
    }

    @Override
    public void count(int[] valuesOfCell) throws IOException {
        ForwardReader indices = new ForwardReader(parts.indices());
        int[] some = new int[STEP];
        long end = pointers[pointers.length - 1];
        for (long from = 0; from < end; from += STEP) {
            int count = (int) Math.min(STEP, end - from);
            indices.indices(from, count, some, 0);
            for (int i = 0; i < count; i++) {
                if (some[i] < 0 || some[i] >= cells) {
                    throw parts.badIndex(from + i, some[i], cells);
                }
                valuesOfCell[some[i]]++;
            }
        }
    }

    @Override
    public void forEach(Sink sink) throws IOException {
        ForwardReader indices = new ForwardReader(parts.indices());
        ForwardReader data = new ForwardReader(parts.data());
        int[] some = new int[STEP];
        float[] values = new float[STEP];
        for (int gene = 0; gene < pointers.length - 1; gene++) {
            long to = pointers[gene + 1];
            for (long from = pointers[gene]; from < to; from += STEP) {
                int count = (int) Math.min(STEP, to - from);
                indices.indices(from, count, some, 0);
                data.floats(from, count, values, 0);
                for (int i = 0; i < count; i++) {
                    sink.accept(some[i], gene, parts.finite(values[i], from + i));
                }
            }
        }
    }
}
