package org.celllm.data.genes;

import java.io.BufferedReader;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.celllm.data.InputException;
import org.celllm.data.files.SafeFiles;
import org.celllm.data.files.TextFiles;
import org.celllm.data.npy.NpyArray;
import org.celllm.data.safetensors.SafetensorsFile;
import org.celllm.data.safetensors.SafetensorsWriter;
import org.celllm.data.safetensors.StoredType;
import org.celllm.data.safetensors.TensorEntry;
import org.celllm.data.safetensors.TensorSource;
import org.jspecify.annotations.Nullable;

/**
 * Reads and writes gene embeddings. Ours are a folder with {@code genes.tsv} and {@code embeddings.safetensors} (one tensor
 * {@code embeddings}, [genes, dim] in 32-bit floats), and {@code provenance.json} where we made them; others' are a NumPy array beside a list of names, or a text with a
 * name and its numbers a line, as gene2vec and word2vec write it.
 */
public final class GeneTableFiles {
    private static final String GENES = "genes.tsv";
    private static final String EMBEDDINGS = "embeddings.safetensors";
    private static final String TENSOR = "embeddings";
    private static final String PROVENANCE = "provenance.json";

    /** 65,533 genes of 4,096 dimensions: a gigabyte. */
    private static final long MOST_VALUES = 1L << 28;

    private GeneTableFiles() {}

    /** Whether {@code folder} holds gene embeddings of ours. */
    public static boolean isTable(Path folder) {
        return Files.isRegularFile(folder.resolve(EMBEDDINGS)) && Files.isRegularFile(folder.resolve(GENES));
    }

    /** Writes a folder; what stands there is replaced when all is written. */
    public static void write(Path folder, GeneTable table) throws IOException {
        write(folder, table, null);
    }

    /**
     * As {@link #write(Path, GeneTable)}, and says how the table was made.
     *
     * @param provenance JSON for {@code provenance.json}, which nothing here reads; {@code null} for none
     */
    public static void write(Path folder, GeneTable table, @Nullable String provenance) throws IOException {
        SafeFiles.folder(folder, work -> {
            if (provenance != null) {
                SafeFiles.text(work.resolve(PROVENANCE), provenance);
            }
            GeneVocabularyFiles.write(work.resolve(GENES), table.genes());
            SafetensorsWriter.write(
                    work.resolve(EMBEDDINGS),
                    Map.of("format", "celllm-genes"),
                    List.of(TensorSource.of(
                            TENSOR, table.values(), table.genes().size(), table.dim())));
        });
    }

    /**
     * Reads a folder of ours.
     *
     * @throws InputException when it is none, or its files do not fit each other
     */
    public static GeneTable read(Path folder) throws IOException {
        if (!isTable(folder)) {
            throw InputException.about(folder)
                    .found(Files.exists(folder) ? "holds no gene embeddings" : "does not exist")
                    .expected("a folder with " + GENES + " and " + EMBEDDINGS)
                    .remedy(
                            "Make one with `celllm genes import` or `celllm genes embed`, or say coexpression or random")
                    .build();
        }
        GeneVocabulary genes = GeneVocabularyFiles.read(folder.resolve(GENES));
        try (SafetensorsFile file = SafetensorsFile.open(folder.resolve(EMBEDDINGS))) {
            TensorEntry entry = file.tensor(TENSOR, StoredType.F32);
            long[] shape = entry.shape();
            if (shape.length != 2 || shape[0] != genes.size() || entry.elements() > MOST_VALUES) {
                throw InputException.about(file.path())
                        .found("holds embeddings of shape " + Arrays.toString(shape))
                        .expected(genes.size() + " rows, as " + GENES + " says")
                        .build();
            }
            ByteBuffer bytes =
                    ByteBuffer.allocate(Math.toIntExact(4 * entry.elements())).order(ByteOrder.LITTLE_ENDIAN);
            file.read(entry, 0, bytes);
            float[] values = new float[(int) entry.elements()];
            bytes.flip().order(ByteOrder.LITTLE_ENDIAN).asFloatBuffer().get(values);
            return table(file.path(), genes, (int) shape[1], values);
        }
    }

    /**
     * Reads a NumPy array of [genes, dim].
     *
     * @param names one gene a line, in the order of the rows
     */
    public static GeneTable importNumpy(Path file, Path names) throws IOException {
        NpyArray array = NpyArray.read(file);
        GeneVocabulary genes = GeneVocabularyFiles.read(names);
        if (array.shape().length != 2 || array.shape()[0] != genes.size()) {
            throw InputException.about(file)
                    .found("has the shape " + Arrays.toString(array.shape()))
                    .expected("a row for each of the " + genes.size() + " genes of " + names)
                    .build();
        }
        return table(file, genes, array.shape()[1], array.values());
    }

    /**
     * Reads a text: a gene's name and its numbers a line, parted by blanks, gzipped or not. A first line of two whole
     * numbers (genes and dimensions, as word2vec writes it) is passed over.
     */
    public static GeneTable importText(Path file) throws IOException {
        List<String> names = new ArrayList<>();
        List<float[]> rows = new ArrayList<>();
        Set<String> seen = new HashSet<>();
        try (BufferedReader lines = TextFiles.reader(file)) {
            int number = 0;
            for (String line = lines.readLine(); line != null; line = lines.readLine()) {
                number++;
                String[] fields = line.strip().split("[\\s,]+");
                boolean counts = number == 1 && fields.length == 2 && fields[0].matches("[0-9]+");
                if (counts || line.isBlank()) {
                    continue;
                }
                if (!seen.add(fields[0])) {
                    throw wrong(file, number, "names " + fields[0] + " again", "each gene once");
                }
                float[] row = numbers(file, number, fields);
                if (!rows.isEmpty() && rows.get(0).length != row.length) {
                    throw wrong(file, number, "holds " + row.length + " numbers", rows.get(0).length + " as before");
                }
                if ((rows.size() + 1L) * row.length > MOST_VALUES) {
                    throw wrong(file, number, "goes beyond " + MOST_VALUES + " numbers", "fewer genes or dimensions");
                }
                names.add(fields[0]);
                rows.add(row);
            }
        }
        if (rows.isEmpty() || names.size() > GeneVocabulary.MOST_GENES) {
            throw InputException.about(file)
                    .found("holds " + names.size() + " genes")
                    .expected("1 to " + GeneVocabulary.MOST_GENES)
                    .build();
        }
        int dim = rows.get(0).length;
        float[] values = new float[Math.multiplyExact(rows.size(), dim)];
        for (int i = 0; i < rows.size(); i++) {
            System.arraycopy(rows.get(i), 0, values, i * dim, dim);
        }
        return table(file, new GeneVocabulary(names), dim, values);
    }

    private static float[] numbers(Path file, int line, String[] fields) {
        if (fields.length < 2 || fields.length - 1 > GeneTable.WIDEST) {
            throw wrong(file, line, "holds " + fields.length + " fields", "a gene's name and its numbers");
        }
        float[] row = new float[fields.length - 1];
        for (int i = 0; i < row.length; i++) {
            try {
                row[i] = Float.parseFloat(fields[i + 1]);
            } catch (NumberFormatException e) {
                throw wrong(file, line, "holds \"" + fields[i + 1] + "\"", "numbers after the gene's name");
            }
        }
        return row;
    }

    private static InputException wrong(Path file, int line, String found, String expected) {
        return InputException.about(file)
                .at("line " + line)
                .found(found)
                .expected(expected)
                .build();
    }

    private static GeneTable table(Path file, GeneVocabulary genes, int dim, float[] values) {
        try {
            return new GeneTable(genes, dim, values);
        } catch (IllegalArgumentException | ArithmeticException e) {
            throw InputException.about(file)
                    .found(String.valueOf(e.getMessage()))
                    .build(e);
        }
    }
}
