package org.celllm.training;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.celllm.data.cells.CellBatch;
import org.celllm.data.cells.CellBatches;
import org.celllm.data.cells.Disease;
import org.celllm.data.genes.GeneVocabulary;
import org.celllm.data.random.KeyedRandom;

/** Cells in memory, for tests of training: the last eighth is for validation. */
public final class MemoryCells implements TrainingCells {
    private final CellBatch all;
    private final GeneVocabulary genes;
    private final long seed;
    private final String hash;

    public MemoryCells(CellBatch all, int genes, long seed, String hash) {
        this(all, names(genes), seed, hash);
    }

    public MemoryCells(CellBatch all, List<String> genes, long seed, String hash) {
        this.all = all;
        this.seed = seed;
        this.hash = hash;
        this.genes = new GeneVocabulary(genes);
    }

    /** {@code GENE0}, {@code GENE1} and so on. */
    static List<String> names(int genes) {
        List<String> names = new ArrayList<>();
        for (int i = 0; i < genes; i++) {
            names.add("GENE" + i);
        }
        return names;
    }

    @Override
    public GeneVocabulary genes() {
        return genes;
    }

    @Override
    public long cells() {
        return (long) all.cells() - all.cells() / 8;
    }

    @Override
    public int sources() {
        return 1;
    }

    @Override
    public int sourcesWithBoth() {
        return normal() > 0 && cancer() > 0 ? 1 : 0;
    }

    @Override
    public long normal() {
        return count(Disease.NORMAL);
    }

    @Override
    public long cancer() {
        return count(Disease.CANCER);
    }

    @Override
    public long labelled() {
        return Arrays.stream(all.label(), 0, (int) cells())
                .filter(label -> label != 0)
                .count();
    }

    private long count(Disease disease) {
        long count = 0;
        for (int i = 0; i < cells(); i++) {
            count += all.disease()[i] == disease.code() ? 1 : 0;
        }
        return count;
    }

    @Override
    public CellBatch batch(long step, int size) {
        int[] order = KeyedRandom.of(seed, step).permutation((int) cells());
        return CellBatches.select(all, Arrays.copyOf(order, size));
    }

    @Override
    public CellBatch validation(int most) {
        int[] held = new int[Math.min(most, all.cells() / 8)];
        for (int i = 0; i < held.length; i++) {
            held[i] = (int) cells() + i;
        }
        return CellBatches.select(all, held);
    }

    @Override
    public String hash() {
        return hash;
    }

    @Override
    public JsonNode description() {
        return JsonNodeFactory.instance.textNode("cells in memory");
    }

    @Override
    public void close() {}
}
