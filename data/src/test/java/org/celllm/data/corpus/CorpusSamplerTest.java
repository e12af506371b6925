package org.celllm.data.corpus;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.celllm.data.cells.CellBatch;
import org.celllm.data.files.Sha256;
import org.celllm.data.progress.Progress;
import org.celllm.data.random.KeyedRandom;
import org.celllm.data.simulate.SimulationSettings;
import org.celllm.data.simulate.Simulator;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class CorpusSamplerTest {
    @TempDir
    static Path folder;

    private static Path out;
    private static @Nullable Path sorted;

    @BeforeAll
    static void build() throws IOException {
        Path file = folder.resolve("cells.h5ad");
        new Simulator(SimulationSettings.of(1000, 3).withGenes(200)).write(file, Progress.SILENT);
        out = folder.resolve("corpus");
        CorpusBuilder.build(
                List.of(CorpusSource.of(file)), out, CorpusSettings.DEFAULT.withFilters(1, 0), Progress.SILENT);
    }

    @ParameterizedTest(name = "batches of {0}")
    @ValueSource(ints = {1, 7, 64, 400})
    void dealsEveryCellOnceAnEpochButForTheLastIncompleteBatch(int size) throws IOException {
        try (Corpus corpus = Corpus.open(out)) {
            CorpusSampler sampler = corpus.sampler(Split.TRAIN, 5);
            Set<Long> seen = new HashSet<>();
            long batches = sampler.batchesPerEpoch(size);
            for (long step = 0; step < batches; step++) {
                for (long cell : sampler.numbers(step, size)) {
                    assertThat(seen.add(cell)).isTrue();
                    assertThat(Split.of(cell)).isEqualTo(Split.TRAIN);
                }
            }
            assertThat(seen).hasSize((int) batches * size);
            assertThat(corpus.cells(Split.TRAIN) - seen.size()).isLessThan(size);
        }
    }

    @Test
    void isAPureFunctionOfSeedAndStep() throws IOException {
        KeyedRandom random = KeyedRandom.of(17);
        try (Corpus corpus = Corpus.open(out);
                Corpus other = Corpus.open(out)) {
            CorpusSampler sampler = corpus.sampler(Split.TRAIN, 5);
            for (int trial = 0; trial < 30; trial++) {
                long step = random.nextInt(200);
                int size = 1 + random.nextInt(300);
                CellBatch batch = sampler.batch(step, size);
                CellBatch fresh = other.sampler(Split.TRAIN, 5).batch(step, size);
                CellBatch direct = corpus.read(batch.rows());
                for (CellBatch same : List.of(fresh, direct)) {
                    assertThat(batch.rows()).isEqualTo(same.rows());
                    assertThat(batch.genes()).isEqualTo(same.genes());
                    assertThat(batch.values()).isEqualTo(same.values());
                    assertThat(batch.totals()).isEqualTo(same.totals());
                    assertThat(batch.disease()).isEqualTo(same.disease());
                }
            }
        }
    }

    /** A window is read into the arrays of the one before it, which may have been longer. */
    @Test
    void readsIntoTheArraysOfASpentBatch() throws IOException {
        try (Corpus corpus = Corpus.open(out)) {
            CellBatch spent = corpus.read(0, 300);
            char[] room = spent.genes();
            for (long[] cells : List.of(new long[] {7, 8, 9, 400, 2}, new long[] {501}, new long[] {0, 999})) {
                CellBatch fresh = corpus.read(cells);
                spent = corpus.read(cells, spent);
                assertThat(spent.genes()).isSameAs(room).startsWith(fresh.genes());
                assertThat(spent.values()).startsWith(fresh.values());
                assertThat(spent.offsets()).isEqualTo(fresh.offsets());
                assertThat(spent.totals()).isEqualTo(fresh.totals());
                assertThat(spent.rows()).isEqualTo(cells);
            }
            CellBatch larger = corpus.read(cells(1000), spent);
            assertThat(larger.genes())
                    .isNotSameAs(room)
                    .isEqualTo(corpus.read(0, 1000).genes());
        }
    }

    private static long[] cells(int n) {
        long[] cells = new long[n];
        Arrays.setAll(cells, i -> i);
        return cells;
    }

    @Test
    void changesWithTheSeedAndTheEpoch() throws IOException {
        try (Corpus corpus = Corpus.open(out)) {
            CorpusSampler sampler = corpus.sampler(Split.TRAIN, 5);
            long[] one = sampler.numbers(0, 100);
            assertThat(corpus.sampler(Split.TRAIN, 6).numbers(0, 100)).isNotEqualTo(one);
            long next = sampler.batchesPerEpoch(100);
            assertThat(sampler.epoch(next, 100)).isEqualTo(1);
            assertThat(sampler.numbers(next, 100)).isNotEqualTo(one);
        }
    }

    @Test
    void takesTheWholeSplitWhereTheBatchIsLarger() throws IOException {
        try (Corpus corpus = Corpus.open(out)) {
            CorpusSampler sampler = corpus.sampler(Split.TRAIN, 5);
            assertThat(sampler.batchSize(5000)).isEqualTo((int) corpus.cells(Split.TRAIN));
            long[] all = sampler.numbers(3, 5000);
            assertThat(Arrays.stream(all).distinct().count()).isEqualTo(corpus.cells(Split.TRAIN));
        }
    }

    @Test
    void validatesWithAboutOneCellInTwenty() throws IOException {
        long kept = 0;
        for (long cell = 0; cell < 100_000; cell++) {
            kept += Split.of(cell) == Split.VALIDATION ? 1 : 0;
        }
        assertThat(kept).isBetween(4_700L, 5_300L);
        try (Corpus corpus = Corpus.open(out)) {
            long[] some = corpus.spread(Split.VALIDATION, 20);
            assertThat(some).hasSize(20).isSorted();
            for (long cell : corpus.spread(Split.VALIDATION, 10)) {
                assertThat(some).contains(cell);
            }
        }
    }

    @Test
    void mixesTheCorpusWithinABatch() throws IOException {
        try (Corpus corpus = Corpus.open(out)) {
            double mean = Arrays.stream(corpus.sampler(Split.TRAIN, 8).numbers(0, 400))
                    .average()
                    .orElse(0);
            assertThat(mean).isBetween(440.0, 560.0);
        }
    }

    @Test
    void mixesSortedSourcesLikeAPerfectShuffle() throws IOException {
        try (Corpus corpus = Corpus.open(sorted())) {
            assertThat(corpus.manifest().nonzeros())
                    .as("values: enough for several windows")
                    .isGreaterThan(8_000_000);
            CorpusSampler sampler = corpus.sampler(Split.TRAIN, 5);
            KeyedRandom random = KeyedRandom.of(6);
            double dealt = 0;
            double shuffled = 0;
            Set<Long> seen = new HashSet<>();
            for (long step = 0; step < sampler.batchesPerEpoch(256); step++) {
                long[] numbers = sampler.numbers(step, 256);
                assertThat(Arrays.stream(numbers).allMatch(seen::add)).isTrue();
                dealt += entropy(Arrays.stream(numbers).mapToInt(corpus::source).toArray());
                shuffled += entropy(random.ints(256, 0, 12).toArray());
            }
            assertThat(dealt / shuffled).isGreaterThan(0.99);
            assertThat(orderOf(sampler, 256, 0, 70, 130))
                    .as("the order of several windows, recorded from version 0.1.0")
                    .isEqualTo("f7a8f28515d72019");
        }
    }

    @Test
    void dealsInTheOrderItAlwaysDid() throws IOException {
        try (Corpus corpus = Corpus.open(out)) {
            assertThat(orderOf(corpus.sampler(Split.TRAIN, 5), 64, 0, 1, 13, 14, 200)
                            + orderOf(corpus.sampler(Split.VALIDATION, 6), 7, 0, 9))
                    .as("recorded from version 0.1.0")
                    .isEqualTo("819eed13a9448cfc6be93468cfd4e290");
        }
    }

    /** Twelve sources of 1,500 cells, one after the other: simulated once. */
    private static Path sorted() throws IOException {
        if (sorted != null) {
            return sorted;
        }
        Path in = java.nio.file.Files.createDirectories(folder.resolve("sorted"));
        for (int i = 0; i < 12; i++) {
            new Simulator(SimulationSettings.of(1500, 20 + i).withGenes(1500))
                    .write(in.resolve("s" + (char) ('a' + i) + ".h5ad"), Progress.SILENT);
        }
        Path built = folder.resolve("sorted-corpus");
        CorpusBuilder.build(
                List.of(CorpusSource.of(in)), built, CorpusSettings.DEFAULT.withFilters(1, 0), Progress.SILENT);
        sorted = built;
        return built;
    }

    private static String orderOf(CorpusSampler sampler, int size, long... steps) {
        StringBuilder cells = new StringBuilder();
        for (long step : steps) {
            cells.append(Arrays.toString(sampler.numbers(step, size)));
        }
        return Sha256.of(cells.toString().getBytes(StandardCharsets.UTF_8)).substring(0, 16);
    }

    private static double entropy(int[] categories) {
        double[] shares = new double[12];
        Arrays.stream(categories).forEach(category -> shares[category] += 1.0 / categories.length);
        return Arrays.stream(shares)
                .filter(share -> share > 0)
                .map(share -> -share * Math.log(share))
                .sum();
    }

    @Test
    void readsALargeBatchInPiecesWithTheSameCells() throws IOException {
        try (Corpus corpus = Corpus.open(sorted())) {
            CellBatch batch = corpus.sampler(Split.TRAIN, 5).batch(1, 2500);
            assertThat(batch.genes().length)
                    .as("values: enough to be read in pieces")
                    .isGreaterThan(1 << 20);
            CellBatch plain = corpus.read(batch.rows());
            assertThat(batch.genes()).isEqualTo(plain.genes());
            assertThat(batch.values()).isEqualTo(plain.values());
            assertThat(batch.totals()).isEqualTo(plain.totals());
            assertThat(batch.states()).isEqualTo(plain.states());
            assertThat(batch.disease()).isEqualTo(plain.disease());
            assertThat(batch.source()).isEqualTo(plain.source());
            assertThat(batch.rows())
                    .isNotEqualTo(Arrays.stream(batch.rows()).sorted().toArray());
        }
    }
}
