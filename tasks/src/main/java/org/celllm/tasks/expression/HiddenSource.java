package org.celllm.tasks.expression;

import java.io.IOException;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.function.Consumer;
import java.util.stream.LongStream;
import org.celllm.data.cells.CellBatch;
import org.celllm.data.corpus.Corpus;
import org.celllm.data.corpus.Split;
import org.celllm.tasks.embed.EmbeddingStream;

/**
 * The cells of one source of a corpus that are kept to validate with. What is guessed without a model is counted over all cells of
 * the source, as it would be by who has its training cells.
 */
final class HiddenSource implements HiddenCells {
    private final Corpus corpus;
    private final int source;
    private final long[] counted;
    private final long[] guessed;

    HiddenSource(Corpus corpus, int source, int most) {
        this.corpus = corpus;
        this.source = source;
        this.counted = LongStream.range(0, corpus.cells())
                .filter(cell -> corpus.source(cell) == source)
                .toArray();
        long[] kept = Arrays.stream(counted)
                .filter(cell -> Split.of(cell) == Split.VALIDATION)
                .toArray();
        int take = Math.min(kept.length, most);
        this.guessed = LongStream.range(0, take)
                .map(i -> kept[(int) (i * kept.length / take)])
                .toArray();
    }

    @Override
    public String name() {
        return corpus.folder() + ", " + shortName();
    }

    @Override
    public String shortName() {
        return corpus.manifest().sources().get(source).name();
    }

    @Override
    public Path path() {
        return corpus.folder();
    }

    @Override
    public int all() {
        return counted.length;
    }

    @Override
    public int guessed() {
        return guessed.length;
    }

    @Override
    public int counted() {
        return counted.length;
    }

    @Override
    public String genes() {
        return "those of the corpus that the model was trained on";
    }

    @Override
    public void count(Consumer<CellBatch> use) throws IOException {
        each(counted, use);
    }

    @Override
    public void guess(Consumer<CellBatch> use) throws IOException {
        each(guessed, use);
    }

    private void each(long[] cells, Consumer<CellBatch> use) throws IOException {
        for (int from = 0; from < cells.length; from += EmbeddingStream.CELLS_PER_BATCH) {
            int to = Math.min(cells.length, from + EmbeddingStream.CELLS_PER_BATCH);
            use.accept(corpus.read(Arrays.copyOfRange(cells, from, to)));
        }
    }
}
