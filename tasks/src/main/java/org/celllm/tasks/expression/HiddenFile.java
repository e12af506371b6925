package org.celllm.tasks.expression;

import java.io.IOException;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.function.Consumer;
import java.util.stream.IntStream;
import org.celllm.data.cells.CellBatch;
import org.celllm.data.cells.CellBatches;
import org.celllm.data.cells.PreparedCells;
import org.celllm.data.genes.GeneMapping;
import org.celllm.data.genes.GeneVocabulary;
import org.celllm.data.random.KeyedRandom;
import org.celllm.tasks.embed.CellFile;
import org.celllm.tasks.embed.EmbeddingStream;

/** The cells of a file, or a sample of them. */
final class HiddenFile implements HiddenCells {
    private static final long SAMPLE = 0x4578;

    private final CellFile file;
    private final GeneMapping mapping;
    private final boolean[] chosen;
    private final int most;

    HiddenFile(CellFile file, GeneVocabulary genes, int most) {
        this.file = file;
        this.mapping = file.map(genes);
        this.chosen = chosen(file.cellCount(), most);
        this.most = most;
    }

    @Override
    public String name() {
        return file.path().toString();
    }

    @Override
    public String shortName() {
        return String.valueOf(file.path().getFileName());
    }

    @Override
    public Path path() {
        return file.path();
    }

    @Override
    public int all() {
        return chosen.length;
    }

    @Override
    public int guessed() {
        return Math.min(chosen.length, most);
    }

    @Override
    public int counted() {
        return guessed();
    }

    @Override
    public String genes() {
        return mapping.summary();
    }

    @Override
    public void count(Consumer<CellBatch> use) throws IOException {
        guess(use);
    }

    @Override
    public void guess(Consumer<CellBatch> use) throws IOException {
        try (PreparedCells prepared = file.read(mapping, EmbeddingStream.CELLS_PER_BATCH)) {
            for (CellBatch batch = prepared.next(); batch != null; batch = prepared.next()) {
                CellBatch used = used(batch);
                if (used.cells() > 0) {
                    use.accept(used);
                }
            }
        }
    }

    private static boolean[] chosen(int all, int most) {
        boolean[] chosen = new boolean[all];
        Arrays.fill(chosen, all <= most);
        if (all > most) {
            for (int cell : Arrays.copyOf(KeyedRandom.of(1, SAMPLE).permutation(all), most)) {
                chosen[cell] = true;
            }
        }
        return chosen;
    }

    private CellBatch used(CellBatch batch) {
        int[] kept = IntStream.range(0, batch.cells())
                .filter(i -> chosen[(int) batch.rows()[i]])
                .toArray();
        return kept.length == batch.cells() ? batch : CellBatches.select(batch, kept);
    }
}
