package org.celllm.data.corpus;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import org.celllm.data.InputException;
import org.celllm.data.cells.CellBatch;
import org.celllm.data.files.SafeFiles;
import org.celllm.data.safetensors.SafetensorsWriter;
import org.celllm.data.safetensors.TensorSource;

/**
 * Writes the cells of one source into shards of bounded size. Tissues and labels go by the source's own numbers until
 * {@link CorpusAssembly} gives them the corpus's; {@code NAME.numbers} beside each shard keeps the source's, [cells]
 * tissues and then [cells] labels in 16 bits, so that this can be done again after a kill. It holds one shard: four
 * bytes a count, six a value of another kind, 8,000,000 at most.
 */
final class ShardWriter {
    private static final int MOST_CELLS = 16_384;
    private static final int MOST_VALUES = 8_000_000;
    /** Stands in {@code count} for every count that does not fit below it. */
    static final char LARGE = 65_535;

    private final Path folder;
    private final boolean counts;
    private final List<CorpusManifest.Shard> written = new ArrayList<>();
    private int nextNumber;

    private int cells;
    private int n;
    private final long[] indptr = new long[MOST_CELLS + 1];
    private final double[] totals = new double[MOST_CELLS];
    private final long[] rows = new long[MOST_CELLS];
    private final byte[] disease = new byte[MOST_CELLS];
    private final char[] tissue = new char[MOST_CELLS];
    private final char[] label = new char[MOST_CELLS];
    private boolean labelled;
    private char[] genes = new char[1 << 16];
    private char[] countValues = new char[0];
    private float[] floatValues = new float[0];
    private final List<long[]> large = new ArrayList<>();

    /** The corpus cannot be written: no fault of the source. */
    static final class Unwritable extends RuntimeException {
        private static final long serialVersionUID = 1L;

        private final InputException reason;

        Unwritable(InputException reason) {
            super(reason);
            this.reason = reason;
        }

        InputException reason() {
            return reason;
        }
    }

    /**
     * @param folder of this source alone
     * @param counts whether the source's values are counts
     */
    ShardWriter(Path folder, boolean counts) {
        this.folder = folder;
        this.counts = counts;
    }

    /**
     * Adds one cell of a batch.
     *
     * @param diseaseCode code of its {@link org.celllm.data.cells.Disease}
     * @param tissueNumber number of its tissue, 0 for unknown
     * @param labelNumber number of its label, 0 for unknown
     */
    void add(CellBatch batch, int cell, byte diseaseCode, int tissueNumber, int labelNumber) throws IOException {
        int length = batch.length(cell);
        if (cells == MOST_CELLS || n + length > MOST_VALUES) {
            flush();
        }
        grow(n + length);
        int from = batch.offsets()[cell];
        System.arraycopy(batch.genes(), from, genes, n, length);
        if (counts) {
            for (int i = 0; i < length; i++) {
                countValues[n + i] = count(batch.values()[from + i], n + i, batch.rows()[cell]);
            }
        } else {
            System.arraycopy(batch.values(), from, floatValues, n, length);
        }
        totals[cells] = batch.totals()[cell];
        rows[cells] = batch.rows()[cell];
        disease[cells] = diseaseCode;
        tissue[cells] = (char) tissueNumber;
        label[cells] = (char) labelNumber;
        labelled |= labelNumber != 0;
        n += length;
        indptr[++cells] = n;
    }

    /** Writes what is left and returns all shards. */
    List<CorpusManifest.Shard> finish() throws IOException {
        flush();
        return List.copyOf(written);
    }

    /** The name of a shard. */
    static String name(int number) {
        return String.format(java.util.Locale.ROOT, "shard-%05d.safetensors", number);
    }

    /** The file with the source's own numbers of tissues and labels. */
    static Path numbers(Path folder, String shard) {
        return folder.resolve(shard + ".numbers");
    }

    private char count(float value, int place, long row) {
        if (value != Math.rint(value) || value < 1 || value > 0x1.0p50f) {
            throw InputException.about("cell " + row)
                    .found("has the value " + value + " among counts")
                    .expected("whole numbers")
                    .remedy("If the values are not counts, say what they are with --values")
                    .build();
        }
        if (value < LARGE) {
            return (char) value;
        }
        large.add(new long[] {place, (long) value});
        return LARGE;
    }

    private void grow(int needed) {
        if (genes.length < needed) {
            genes = Arrays.copyOf(genes, Math.min(MOST_VALUES + 65_536, Math.max(needed, genes.length * 2)));
        }
        if (counts && countValues.length < genes.length) {
            countValues = Arrays.copyOf(countValues, genes.length);
        } else if (!counts && floatValues.length < genes.length) {
            floatValues = Arrays.copyOf(floatValues, genes.length);
        }
    }

    private void flush() throws IOException {
        if (cells == 0) {
            return;
        }
        List<TensorSource> tensors = new ArrayList<>();
        tensors.add(TensorSource.of("indptr", Arrays.copyOf(indptr, cells + 1), cells + 1));
        tensors.add(TensorSource.of("total", Arrays.copyOf(totals, cells), cells));
        tensors.add(TensorSource.of("row", Arrays.copyOf(rows, cells), cells));
        tensors.add(TensorSource.of("gene", genes, n));
        tensors.add(TensorSource.of("tissue", tissue, cells));
        if (labelled) {
            tensors.add(TensorSource.of("label", label, cells));
        }
        tensors.add(TensorSource.of("disease", disease, cells));
        if (counts) {
            tensors.add(TensorSource.of("count", countValues, n));
            long[] at = large.stream().mapToLong(pair -> pair[0]).toArray();
            long[] count = large.stream().mapToLong(pair -> pair[1]).toArray();
            tensors.add(TensorSource.of("large_at", at, at.length));
            tensors.add(TensorSource.of("large_count", count, count.length));
        } else {
            tensors.add(TensorSource.of("value", floatValues, n));
        }
        String name = name(nextNumber++);
        SafetensorsWriter.Written file;
        try {
            file = SafetensorsWriter.write(
                    folder.resolve(name), Map.of("format", CorpusManifest.FORMAT, "version", "1"), tensors);
            ByteBuffer numbers = ByteBuffer.allocate(4 * cells);
            numbers.asCharBuffer().put(tissue, 0, cells).put(label, 0, cells);
            SafeFiles.stream(numbers(folder, name), out -> out.write(numbers.array()));
        } catch (InputException e) {
            throw new Unwritable(e);
        }
        written.add(new CorpusManifest.Shard(name, 0, cells, n, counts, file.bytes(), file.sha256()));
        cells = 0;
        n = 0;
        labelled = false;
        large.clear();
    }
}
