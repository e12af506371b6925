package org.celllm.data.matrix;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import org.celllm.data.random.KeyedRandom;

/**
 * A sparse matrix of counts for tests, as a dense array, and in the layouts that files have.
 *
 * @param values [cells, genes]
 */
public record RandomMatrix(float[][] values) {
    /** Counts of which about three in ten are not zero. */
    public static RandomMatrix counts(long seed, int cells, int genes) {
        KeyedRandom random = KeyedRandom.of(seed, cells, genes);
        float[][] values = new float[cells][genes];
        for (float[] row : values) {
            for (int gene = 0; gene < genes; gene++) {
                row[gene] = random.nextInt(10) < 3 ? 1 + random.nextInt(9) : 0;
            }
        }
        return new RandomMatrix(values);
    }

    public int cells() {
        return values.length;
    }

    public int genes() {
        return values[0].length;
    }

    /** Row by row. */
    public float[] flat() {
        float[] flat = new float[cells() * genes()];
        for (int cell = 0; cell < cells(); cell++) {
            System.arraycopy(values[cell], 0, flat, cell * genes(), genes());
        }
        return flat;
    }

    public RandomMatrix transposed() {
        float[][] other = new float[genes()][cells()];
        for (int cell = 0; cell < cells(); cell++) {
            for (int gene = 0; gene < genes(); gene++) {
                other[gene][cell] = values[cell][gene];
            }
        }
        return new RandomMatrix(other);
    }

    /** Compressed rows. */
    public Compressed compressed() {
        List<Float> data = new ArrayList<>();
        List<Integer> indices = new ArrayList<>();
        int[] starts = new int[cells() + 1];
        for (int cell = 0; cell < cells(); cell++) {
            for (int gene = 0; gene < genes(); gene++) {
                if (values[cell][gene] != 0) {
                    data.add(values[cell][gene]);
                    indices.add(gene);
                }
            }
            starts[cell + 1] = data.size();
        }
        float[] numbers = new float[data.size()];
        for (int i = 0; i < numbers.length; i++) {
            numbers[i] = data.get(i);
        }
        return new Compressed(
                numbers, indices.stream().mapToInt(Integer::intValue).toArray(), starts);
    }

    /** Distinct names: the prefix and a number from 0. */
    public static List<String> names(String prefix, int count) {
        List<String> names = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            names.add(prefix + i);
        }
        return names;
    }

    /** What a reader gives, as a dense array; checks the promises of {@link CellBlock} on the way. */
    public static RandomMatrix read(CellReader reader, int cells, int genes) throws IOException {
        float[][] values = new float[cells][genes];
        int cell = 0;
        for (CellBlock block = reader.next(); block != null; block = reader.next()) {
            if (block.firstCell() != cell || block.cells() == 0) {
                throw new AssertionError("block starts at " + block.firstCell() + " instead of " + cell);
            }
            for (int i = 0; i < block.cells(); i++, cell++) {
                int last = -1;
                for (int k = block.offsets()[i]; k < block.offsets()[i + 1]; k++) {
                    int gene = block.genes()[k];
                    float value = block.values()[k];
                    if (gene <= last || value == 0 || Float.isNaN(value)) {
                        throw new AssertionError("gene " + gene + " after " + last + " with value " + value);
                    }
                    last = gene;
                    values[cell][gene] = value;
                }
            }
        }
        if (cell != cells) {
            throw new AssertionError(cell + " cells instead of " + cells);
        }
        return new RandomMatrix(values);
    }

    /** The three arrays of compressed rows. */
    public record Compressed(float[] data, int[] indices, int[] starts) {}
}
