package org.celllm.tasks.expression;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.celllm.data.cells.CellBatch;
import org.celllm.data.corpus.Corpus;
import org.celllm.data.corpus.CorpusBuilder;
import org.celllm.data.corpus.CorpusSettings;
import org.celllm.data.corpus.CorpusSource;
import org.celllm.data.corpus.Split;
import org.celllm.data.progress.Progress;
import org.celllm.data.simulate.SimulationSettings;
import org.celllm.data.simulate.Simulator;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class HiddenSourceTest {
    @TempDir
    Path folder;

    @Test
    void onlyCellsThatAreNeverTrainedOnAreGuessedInAndAllOfTheSourceAreCounted() throws IOException {
        List<CorpusSource> sources = new ArrayList<>();
        for (int i = 0; i < 2; i++) {
            Path file = folder.resolve("source" + i + ".h5ad");
            new Simulator(SimulationSettings.of(700 + i, i).withGenes(60)).write(file, Progress.SILENT);
            sources.add(CorpusSource.of(file));
        }
        Path built = folder.resolve("corpus");
        CorpusBuilder.build(sources, built, CorpusSettings.DEFAULT.withFilters(1, 0), Progress.SILENT);
        try (Corpus corpus = Corpus.open(built)) {
            long kept = 0;
            for (int source = 0; source < 2; source++) {
                HiddenSource cells = new HiddenSource(corpus, source, 1000);
                List<Long> guessed = new ArrayList<>();
                List<Long> counted = new ArrayList<>();
                cells.guess(batch -> guessed.addAll(numbers(batch)));
                cells.count(batch -> counted.addAll(numbers(batch)));
                assertThat(guessed)
                        .hasSize(cells.guessed())
                        .doesNotHaveDuplicates()
                        .allMatch(cell -> Split.of(cell) == Split.VALIDATION);
                int of = source;
                assertThat(counted)
                        .hasSize(700 + source)
                        .doesNotHaveDuplicates()
                        .allMatch(cell -> corpus.source(cell) == of)
                        .containsAll(guessed);
                kept += guessed.size();

                HiddenSource few = new HiddenSource(corpus, source, 5);
                List<Long> sample = new ArrayList<>();
                few.guess(batch -> sample.addAll(numbers(batch)));
                assertThat(sample).hasSize(5).doesNotHaveDuplicates().isSubsetOf(guessed);
            }
            assertThat(kept).isEqualTo(corpus.cells(Split.VALIDATION));
        }
    }

    private static List<Long> numbers(CellBatch batch) {
        List<Long> numbers = new ArrayList<>();
        for (long row : batch.rows()) {
            numbers.add(row);
        }
        return numbers;
    }
}
