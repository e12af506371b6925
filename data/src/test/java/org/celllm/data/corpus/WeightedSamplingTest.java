package org.celllm.data.corpus;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.HashMap;
import java.util.HashSet;
import java.util.IntSummaryStatistics;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.LongFunction;
import org.assertj.core.data.Offset;
import org.celllm.data.InputException;
import org.celllm.data.cells.CellBatch;
import org.celllm.data.cells.Disease;
import org.celllm.data.progress.Progress;
import org.celllm.data.random.KeyedRandom;
import org.celllm.data.simulate.SimulationSettings;
import org.celllm.data.simulate.Simulator;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.RepeatedTest;
import org.junit.jupiter.api.RepetitionInfo;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Three sources: 6,000 normal cells of blood, 1,200 of lung of both diseases, 90 of cancer of brain. */
class WeightedSamplingTest {
    private static final SamplingWeights DISEASE = SamplingWeights.balanced(StratumField.DISEASE);

    @TempDir
    static Path folder;

    private static Path out;

    @BeforeAll
    static void build() throws IOException {
        out = folder.resolve("corpus");
        CorpusBuilder.build(
                List.of(
                        source("blood", 6000).withDisease(Disease.NORMAL).withTissue("blood"),
                        source("lung", 1200).withDiseaseColumn("disease").withTissue("lung"),
                        source("brain", 90).withDisease(Disease.CANCER).withTissue("brain")),
                out,
                CorpusSettings.DEFAULT.withFilters(1, 0),
                Progress.SILENT);
    }

    private static CorpusSource source(String name, int cells) throws IOException {
        Path file = folder.resolve(name + ".h5ad");
        new Simulator(SimulationSettings.of(cells, cells).withGenes(1500)).write(file, Progress.SILENT);
        return CorpusSource.of(file);
    }

    @ParameterizedTest(name = "{0} windows")
    @ValueSource(ints = {1, 5, 13, 60})
    void everyStratumHasItsShareOfEveryWindow(int windows) throws IOException {
        KeyedRandom random = KeyedRandom.of(33, windows);
        try (Corpus corpus = Corpus.open(out)) {
            for (int trial = 0; trial < 5; trial++) {
                CorpusStrata strata = CorpusStrata.of(corpus, Split.TRAIN, random(random));
                long length = strata.cells() - random.nextInt(300);
                WeightedDealing dealing = new WeightedDealing(strata, random.nextLong(), length, windows);
                int[] seen = new int[(int) corpus.cells()];
                for (long epoch = 0; epoch < 3; epoch++) {
                    long[] starts = dealing.windowStarts(epoch);
                    assertThat(starts[windows]).isEqualTo(length);
                    for (int w = 0; w < windows; w++) {
                        long[] dealt = dealing.dealt(epoch, w);
                        assertThat(dealt).hasSize((int) (starts[w + 1] - starts[w]));
                        for (CorpusStrata.Stratum stratum : strata.strata()) {
                            long found = Arrays.stream(dealt)
                                    .filter(cell -> Arrays.binarySearch(stratum.cells(), (int) cell) >= 0)
                                    .count();
                            assertThat((double) found)
                                    .as(stratum.name() + " of window " + w)
                                    .isCloseTo(
                                            stratum.share() * length / windows,
                                            Offset.offset(
                                                    1 + (1.0 + strata.strata().size()) / windows));
                        }
                        Arrays.stream(dealt).forEach(cell -> seen[(int) cell]++);
                    }
                }
                for (CorpusStrata.Stratum stratum : strata.strata()) {
                    IntSummaryStatistics times = Arrays.stream(stratum.cells())
                            .map(cell -> seen[cell])
                            .summaryStatistics();
                    assertThat(times.getMax()).as(stratum.name()).isLessThanOrEqualTo(times.getMin() + 1);
                }
            }
        }
    }

    @Test
    void aWindowHasCellsFromAllOverAStratum() throws IOException {
        try (Corpus corpus = Corpus.open(out)) {
            CorpusStrata strata = CorpusStrata.of(corpus, Split.TRAIN, DISEASE);
            WeightedDealing dealing = new WeightedDealing(strata, 7, strata.cells(), 20);
            for (int w = 0; w < 20; w++) {
                double mean = Arrays.stream(dealing.dealt(1, w))
                        .filter(cell -> corpus.source(cell) == 0)
                        .average()
                        .orElse(0);
                // Some ten blocks of 16 of 6,000 cells: their mean varies by 550 where they are chosen at random.
                assertThat(mean).isBetween(1800.0, 4200.0);
            }
        }
    }

    @Test
    void batchesAreMixed() throws IOException {
        try (Corpus corpus = Corpus.open(out)) {
            CorpusSampler sampler =
                    corpus.sampler(Split.TRAIN, 3, SamplingWeights.balanced(StratumField.DISEASE, StratumField.TISSUE));
            double squares = 0;
            long batches = sampler.batchesPerEpoch(256);
            for (long step = 0; step < batches; step++) {
                Map<String, Long> counts = counts(corpus, sampler.numbers(step, 256), StratumField.TISSUE);
                assertThat(counts.keySet()).containsExactlyInAnyOrder("blood", "lung", "brain");
                // Of four combinations two are of lung.
                assertThat(counts.getOrDefault("lung", 0L)).isBetween(90L, 166L);
                squares += Math.pow(counts.getOrDefault("blood", 0L) - 64.0, 2) / batches;
            }
            assertThat(squares)
                    .as("variance of a share of a quarter, at random 48")
                    .isBetween(15.0, 90.0);
        }
    }

    @RepeatedTest(12)
    void everyCellOfAStratumIsSeenEquallyOftenAfterAnyNumberOfEpochs(RepetitionInfo repetition) throws IOException {
        KeyedRandom random = KeyedRandom.of(31, repetition.getCurrentRepetition());
        SamplingWeights weights = random(random);
        int size = 1 + random.nextInt(700);
        int epochs = 1 + random.nextInt(6);
        try (Corpus corpus = Corpus.open(out)) {
            CorpusSampler sampler = corpus.sampler(Split.TRAIN, random.nextLong(), weights);
            CorpusStrata strata = java.util.Objects.requireNonNull(sampler.strata());
            Map<Long, Integer> seen = new HashMap<>();
            long places = epochs * sampler.batchesPerEpoch(size) * size;
            for (long step = 0; step < epochs * sampler.batchesPerEpoch(size); step++) {
                for (long cell : sampler.numbers(step, size)) {
                    seen.merge(cell, 1, Integer::sum);
                }
            }
            assertThat(strata.drawn().stream()
                            .mapToDouble(CorpusStrata.Drawn::share)
                            .sum())
                    .isEqualTo(1, Offset.offset(1e-12));
            for (CorpusStrata.Stratum stratum : strata.strata()) {
                int[] times = Arrays.stream(stratum.cells())
                        .map(cell -> seen.getOrDefault((long) cell, 0))
                        .toArray();
                int least = Arrays.stream(times).min().orElseThrow();
                assertThat(Arrays.stream(times).max().orElseThrow())
                        .as(weights.text() + ": " + stratum.name())
                        .isLessThanOrEqualTo(least + 1);
                assertThat((double) Arrays.stream(times).sum())
                        .isCloseTo(
                                stratum.share() * places,
                                Offset.offset(epochs * (1.0 + strata.strata().size())));
            }
        }
    }

    @RepeatedTest(6)
    void anyStepCanBeAskedForAtAnyTime(RepetitionInfo repetition) throws IOException {
        KeyedRandom random = KeyedRandom.of(32, repetition.getCurrentRepetition());
        SamplingWeights weights = random(random);
        long seed = random.nextLong();
        try (Corpus corpus = Corpus.open(out);
                Corpus other = Corpus.open(out)) {
            CorpusSampler sampler = corpus.sampler(Split.TRAIN, seed, weights);
            for (int trial = 0; trial < 8; trial++) {
                long step = random.nextInt(5) == 0 ? 1_000_000_000L + trial : random.nextInt(300);
                int size = 1 + random.nextInt(3000);
                CellBatch batch = sampler.batch(step, size);
                CellBatch fresh = other.sampler(Split.TRAIN, seed, weights).batch(step, size);
                CellBatch direct = corpus.read(batch.rows());
                for (CellBatch same : List.of(fresh, direct)) {
                    assertThat(batch.rows()).isEqualTo(same.rows());
                    assertThat(batch.genes()).isEqualTo(same.genes());
                    assertThat(batch.values()).isEqualTo(same.values());
                    assertThat(batch.totals()).isEqualTo(same.totals());
                    assertThat(batch.disease()).isEqualTo(same.disease());
                    assertThat(batch.source()).isEqualTo(same.source());
                }
            }
            assertThat(sampler.numbers(0, 50))
                    .isNotEqualTo(corpus.sampler(Split.TRAIN, seed + 1, weights).numbers(0, 50))
                    .isNotEqualTo(sampler.numbers(sampler.batchesPerEpoch(50), 50));
        }
    }

    @Test
    void weightsMultiplyTheShares() throws IOException {
        try (Corpus corpus = Corpus.open(out)) {
            double cells = corpus.cells(Split.TRAIN);
            double cancer = corpus.diseases(Split.TRAIN).cancer();
            Map<String, Double> twice =
                    shares(corpus, new SamplingWeights(Set.of(), Map.of(StratumField.DISEASE, Map.of("cancer", 2.0))));
            assertThat(twice.get("cancer")).isEqualTo(2 * cancer / (cells + cancer), Offset.offset(1e-9));

            Map<String, Double> balanced = shares(
                    corpus,
                    new SamplingWeights(
                            Set.of(StratumField.DISEASE), Map.of(StratumField.DISEASE, Map.of("cancer", 3.0))));
            assertThat(balanced.get("cancer")).isEqualTo(.75, Offset.offset(1e-9));

            Map<String, Double> both = shares(
                    corpus,
                    new SamplingWeights(Set.of(StratumField.SOURCE), Map.of(StratumField.TISSUE, Map.of("brain", .5))));
            assertThat(both).containsOnlyKeys("blood, blood", "lung, lung", "brain, brain");
            assertThat(both.get("brain, brain")).isEqualTo(.2, Offset.offset(1e-9));
        }
    }

    @Test
    void withoutWeightsTheOrderIsTheUsualOne() throws IOException {
        try (Corpus corpus = Corpus.open(out)) {
            CorpusSampler none = corpus.sampler(Split.TRAIN, 5, SamplingWeights.NONE);
            assertThat(none.strata()).isNull();
            assertThat(none.numbers(3, 256))
                    .isEqualTo(corpus.sampler(Split.TRAIN, 5).numbers(3, 256));
        }
    }

    @Test
    void whatIsNotThereIsRefusedWithWhatThereIs() throws IOException {
        try (Corpus corpus = Corpus.open(out)) {
            SamplingWeights liver = new SamplingWeights(Set.of(), Map.of(StratumField.TISSUE, Map.of("liver", 2.0)));
            assertThatThrownBy(() -> corpus.sampler(Split.TRAIN, 1, liver))
                    .isInstanceOf(InputException.class)
                    .hasMessageContaining("tissue=liver")
                    .hasMessageContaining("blood, brain, lung");
            assertThatThrownBy(() -> corpus.sampler(Split.TRAIN, 1, SamplingWeights.balanced(StratumField.LABEL)))
                    .isInstanceOf(InputException.class)
                    .hasMessageContaining("nothing to balance");
            for (double weight : new double[] {0, -1, Double.NaN, Double.POSITIVE_INFINITY}) {
                assertThatThrownBy(() ->
                                new SamplingWeights(Set.of(), Map.of(StratumField.TISSUE, Map.of("lung", weight))))
                        .isInstanceOf(IllegalArgumentException.class);
            }
        }
    }

    @Test
    void aBatchRepeatsACellOnlyWhereItsStratumEndsOrIsTooSmall() throws IOException {
        try (Corpus corpus = Corpus.open(out)) {
            CorpusSampler sampler = corpus.sampler(Split.TRAIN, 9, DISEASE);
            long cancer = corpus.diseases(Split.TRAIN).cancer();
            int size = 64;
            long repeated = 0;
            long batches = sampler.batchesPerEpoch(size);
            for (long step = 0; step < batches; step++) {
                Set<Long> cells = new HashSet<>();
                for (long cell : sampler.numbers(step, size)) {
                    repeated += cells.add(cell) ? 0 : 1;
                }
            }
            double passes = batches * size / 2.0 / cancer;
            assertThat((double) repeated).as("a few for each pass that ends").isLessThan(passes * size / 4);
        }
    }

    private static SamplingWeights random(KeyedRandom random) {
        return switch (random.nextInt(5)) {
            case 0 -> DISEASE;
            case 1 -> SamplingWeights.balanced(StratumField.TISSUE, StratumField.DISEASE);
            case 2 -> SamplingWeights.balanced(StratumField.SOURCE);
            case 3 ->
                new SamplingWeights(
                        Set.of(), Map.of(StratumField.TISSUE, Map.of("brain", 40 * random.nextDouble() + 1e-3)));
            default ->
                new SamplingWeights(
                        Set.of(StratumField.TISSUE),
                        Map.of(StratumField.DISEASE, Map.of("cancer", Math.exp(3 * random.nextGaussian()))));
        };
    }

    private static Map<String, Double> shares(Corpus corpus, SamplingWeights weights) throws IOException {
        Map<String, Double> shares = new HashMap<>();
        CorpusStrata.of(corpus, Split.TRAIN, weights).drawn().forEach(one -> shares.put(one.name(), one.share()));
        return shares;
    }

    private static Map<String, Long> counts(Corpus corpus, long[] cells, StratumField field) throws IOException {
        LongFunction<String> name =
                cell -> corpus.manifest().sources().get(corpus.source(cell)).name();
        assertThat(field).as("sources are named by their tissue").isEqualTo(StratumField.TISSUE);
        Map<String, Long> counts = new HashMap<>();
        for (long cell : cells) {
            counts.merge(name.apply(cell), 1L, Long::sum);
        }
        return counts;
    }
}
