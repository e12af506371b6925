package org.celllm.data.corpus;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.celllm.data.InputException;
import org.celllm.data.safetensors.SafetensorsFile;
import org.celllm.data.safetensors.StoredType;
import org.celllm.data.safetensors.TensorEntry;
import org.jspecify.annotations.Nullable;

/**
 * One shard, open for reading: lengths, diseases and labels of its cells are held (3 bytes a cell, 5 with labels),
 * everything else is read by position when asked for. Thread safe.
 */
final class CorpusShard implements AutoCloseable {
    /** Cells from one remembered position to the next. */
    static final int BLOCK = 64;

    private final Path path;
    private final CorpusManifest.Shard description;
    private final SafetensorsFile file;
    private final TensorEntry gene;
    private final @Nullable TensorEntry count;
    private final @Nullable TensorEntry value;
    private final TensorEntry total;
    private final TensorEntry row;
    private final TensorEntry tissue;
    private final int tissues;
    private final long[] largeAt;
    private final long[] largeCount;
    private final char[] lengths;
    private final byte[] disease;
    private final char @Nullable [] label;
    private final long[] blockStarts;
    /** Number of the first cell in the corpus. */
    final long firstCell;

    private CorpusShard(
            Path path,
            CorpusManifest.Shard description,
            SafetensorsFile file,
            long firstCell,
            int genes,
            int tissues,
            int labels)
            throws IOException {
        this.path = path;
        this.description = description;
        this.file = file;
        this.firstCell = firstCell;
        int cells = description.cells();
        long nonzeros = description.nonzeros();
        gene = entry("gene", StoredType.U16, nonzeros);
        count = description.counts() ? entry("count", StoredType.U16, nonzeros) : null;
        value = description.counts() ? null : entry("value", StoredType.F32, nonzeros);
        total = entry("total", StoredType.F64, cells);
        row = entry("row", StoredType.I64, cells);
        tissue = entry("tissue", StoredType.U16, cells);
        this.tissues = tissues;
        disease = new byte[cells];
        file.bytes(entry("disease", StoredType.U8, cells), 0, disease, 0, cells);
        for (byte code : disease) {
            if (code < 0 || code > 2) {
                throw damaged("disease", "holds " + code);
            }
        }
        label = file.find("label") == null ? null : labels(entry("label", StoredType.U16, cells), labels);
        lengths = new char[cells];
        blockStarts = new long[cells / BLOCK + 1];
        lengths(entry("indptr", StoredType.I64, cells + 1L), genes);
        TensorEntry at = description.counts() ? file.find("large_at") : null;
        largeAt = at == null ? new long[0] : file.longs("large_at");
        largeCount = at == null ? new long[0] : file.longs("large_count");
        if (largeAt.length != largeCount.length) {
            throw damaged("large_count", "does not fit large_at");
        }
    }

    /**
     * Opens a shard and compares it with what the manifest says.
     *
     * @param firstCell number of its first cell in the corpus
     * @param genes genes of the vocabulary
     * @param tissues names that tissues are numbered by
     * @param labels names that labels are numbered by
     */
    static CorpusShard open(
            Path folder, CorpusManifest.Shard description, long firstCell, int genes, int tissues, int labels)
            throws IOException {
        Path path = folder.resolve("shards").resolve(description.file());
        if (!Files.isRegularFile(path) || Files.size(path) != description.bytes()) {
            throw InputException.about(path)
                    .found(Files.exists(path) ? "has " + Files.size(path) + " bytes" : "is missing")
                    .expected(description.bytes() + " bytes, as manifest.json says")
                    .remedy("Build the corpus again, or copy it again")
                    .build();
        }
        SafetensorsFile file = SafetensorsFile.open(path);
        try {
            return new CorpusShard(path, description, file, firstCell, genes, tissues, labels);
        } catch (Throwable e) {
            file.close();
            throw e;
        }
    }

    int cells() {
        return lengths.length;
    }

    int source() {
        return description.source();
    }

    /** Expressed genes of a cell. */
    int length(int cell) {
        return lengths[cell];
    }

    /** Disease code of a cell. */
    byte disease(int cell) {
        return disease[cell];
    }

    /** Number of a cell's label, 0 for unknown. */
    int label(int cell) {
        return label == null ? 0 : label[cell];
    }

    /**
     * Reads the values of consecutive cells.
     *
     * @param first first cell in the shard
     * @param cells how many
     * @param genes filled from {@code offset} on
     * @param values filled from {@code offset} on
     */
    void values(int first, int cells, char[] genes, float[] values, int offset) throws IOException {
        long start = start(first);
        int n = 0;
        for (int cell = first; cell < first + cells; cell++) {
            n += lengths[cell];
        }
        file.chars(gene, start, genes, offset, n);
        if (count != null) {
            file.counts(count, start, values, offset, n);
            for (int i = 0; i < largeAt.length; i++) {
                if (largeAt[i] >= start && largeAt[i] < start + n) {
                    values[offset + (int) (largeAt[i] - start)] = largeCount[i];
                }
            }
        } else if (value != null) {
            file.floats(value, start, values, offset, n);
        }
    }

    /** Reads the totals of consecutive cells. */
    void totals(int first, int cells, double[] totals, int offset) throws IOException {
        file.doubles(total, first, totals, offset, cells);
    }

    /** The row that a cell has in its source's file. */
    long row(int cell) throws IOException {
        long[] one = new long[1];
        file.longs(row, cell, one, 0, 1);
        return one[0];
    }

    /** Reads the numbers of the tissues of consecutive cells, 0 for unknown. */
    void tissues(int first, int cells, char[] numbers, int offset) throws IOException {
        file.chars(tissue, first, numbers, offset, cells);
        for (int i = offset; i < offset + cells; i++) {
            if (numbers[i] > tissues) {
                throw damaged("tissue", "holds " + (int) numbers[i] + ", manifest.json names " + tissues + " tissues");
            }
        }
    }

    private long start(int cell) {
        long start = blockStarts[cell / BLOCK];
        for (int before = cell / BLOCK * BLOCK; before < cell; before++) {
            start += lengths[before];
        }
        return start;
    }

    private char[] labels(TensorEntry entry, int labels) throws IOException {
        char[] numbers = new char[(int) entry.elements()];
        file.chars(entry, 0, numbers, 0, numbers.length);
        for (char number : numbers) {
            if (number > labels) {
                throw damaged("label", "holds " + (int) number + ", manifest.json names " + labels + " labels");
            }
        }
        return numbers;
    }

    private void lengths(TensorEntry indptr, int genes) throws IOException {
        long[] piece = new long[Math.min(lengths.length + 1, 8192)];
        long before = 0;
        for (int at = 0; at <= lengths.length; at += piece.length) {
            int n = Math.min(piece.length, lengths.length + 1 - at);
            file.longs(indptr, at, piece, 0, n);
            for (int i = 0; i < n; i++) {
                int cell = at + i - 1;
                long length = piece[i] - before;
                if (length < 0 || length > genes || (cell < 0 && piece[i] != 0)) {
                    throw damaged("indptr", "cell " + cell + " would have " + length + " genes of " + genes);
                }
                if (cell >= 0) {
                    lengths[cell] = (char) length;
                }
                if ((at + i) % BLOCK == 0) {
                    blockStarts[(at + i) / BLOCK] = piece[i];
                }
                before = piece[i];
            }
        }
        if (before != description.nonzeros()) {
            throw damaged("indptr", "ends at " + before + " of " + description.nonzeros() + " values");
        }
    }

    private TensorEntry entry(String name, StoredType type, long elements) {
        TensorEntry entry = file.tensor(name, type);
        if (entry.elements() != elements) {
            throw damaged(name, "has " + entry.elements() + " values, manifest.json says " + elements);
        }
        return entry;
    }

    private InputException damaged(String place, String found) {
        return InputException.about(path)
                .at(place)
                .found(found)
                .remedy("Run 'celllm corpus verify', and build the corpus again")
                .build();
    }

    @Override
    public void close() throws IOException {
        file.close();
    }
}
