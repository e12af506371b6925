package org.celllm.bench;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.stream.IntStream;
import org.celllm.data.cells.CellBatch;
import org.celllm.data.genes.GeneVocabulary;
import org.celllm.data.random.KeyedRandom;
import org.celllm.data.tokens.ValueState;
import org.celllm.training.TrainingCells;

/**
 * Cells made when they are asked for, of stated lengths: they cost no memory but the batch's own, so what a step takes
 * can be measured by itself.
 */
final class SyntheticCells implements TrainingCells {
    private final int cells;
    private final int genes;
    private final int[] lengths;
    private final int longest;

    /** @param lengths expressed genes of a cell, of which each cell draws one */
    SyntheticCells(int cells, int genes, int[] lengths) {
        this.cells = cells;
        this.genes = genes;
        this.lengths = lengths.clone();
        this.longest = Arrays.stream(lengths).max().orElseThrow();
    }

    /**
     * Cells of lengths from a range, or of those that stand in a file, one a line.
     *
     * @param shortest the least, or the file's path
     * @param longest the most; not looked at when there is a file
     */
    static SyntheticCells of(int cells, int genes, String shortest, String longest) throws IOException {
        if (!shortest.chars().allMatch(Character::isDigit)) {
            return new SyntheticCells(
                    cells,
                    genes,
                    Files.readAllLines(Path.of(shortest)).stream()
                            .mapToInt(line -> Math.min(genes, Integer.parseInt(line.trim())))
                            .toArray());
        }
        return new SyntheticCells(
                cells,
                genes,
                IntStream.rangeClosed(Integer.parseInt(shortest), Integer.parseInt(longest))
                        .toArray());
    }

    @Override
    public GeneVocabulary genes() {
        List<String> names = new ArrayList<>();
        for (int i = 0; i < genes; i++) {
            names.add("G" + i);
        }
        return new GeneVocabulary(names);
    }

    @Override
    public long cells() {
        return cells;
    }

    @Override
    public int sources() {
        return 1;
    }

    @Override
    public int sourcesWithBoth() {
        return 1;
    }

    @Override
    public long normal() {
        return cells / 2;
    }

    @Override
    public long cancer() {
        return cells / 2;
    }

    @Override
    public long labelled() {
        return 0;
    }

    @Override
    public CellBatch batch(long step, int size) {
        KeyedRandom random = KeyedRandom.of(7, step);
        int[] offsets = new int[size + 1];
        char[] gene = new char[Math.multiplyExact(size, longest)];
        float[] value = new float[size * longest];
        double[] totals = new double[size];
        byte[] disease = new byte[size];
        long[] rows = new long[size];
        int next = 0;
        for (int cell = 0; cell < size; cell++) {
            int wanted = lengths[random.nextInt(lengths.length)];
            for (int g = 0; g < genes && wanted > 0; g++) {
                if (random.nextInt(genes - g) < wanted) {
                    wanted--;
                    gene[next] = (char) g;
                    value[next] = 1 + (int) (-2 * Math.log(1 - random.nextDouble()));
                    totals[cell] += value[next++];
                }
            }
            disease[cell] = (byte) (1 + random.nextInt(2));
            rows[cell] = cell;
            offsets[cell + 1] = next;
        }
        ValueState[] states = new ValueState[size];
        Arrays.fill(states, ValueState.COUNTS);
        return new CellBatch(
                size,
                offsets,
                Arrays.copyOf(gene, next),
                Arrays.copyOf(value, next),
                totals,
                states,
                disease,
                new int[size],
                new int[size],
                rows);
    }

    @Override
    public CellBatch validation(int most) {
        return batch(-1, 0);
    }

    @Override
    public String hash() {
        return "synthetic";
    }

    @Override
    public JsonNode description() {
        return JsonNodeFactory.instance.textNode("synthetic cells");
    }

    @Override
    public void close() {}
}
