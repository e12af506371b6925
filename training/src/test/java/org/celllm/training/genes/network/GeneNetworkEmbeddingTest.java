package org.celllm.training.genes.network;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.stream.IntStream;
import java.util.stream.LongStream;
import org.celllm.data.genes.GeneTable;
import org.celllm.data.interactions.GeneNetwork;
import org.celllm.data.progress.Progress;
import org.celllm.data.random.KeyedRandom;
import org.junit.jupiter.api.Test;

/** Networks of blocks: genes of a block interact with chance .25, others with .02. */
class GeneNetworkEmbeddingTest {
    private static final int GENES = 120;
    private static final int BLOCKS = 4;
    private static final GeneNetworkSettings SETTINGS = settings(1);

    @Test
    void genesOfABlockLieSideBySideAndOnlyBecauseOfTheNetwork() {
        GeneNetwork network = blocks(1);
        double auc = auc(embed(network, SETTINGS));
        // The same degrees, but edges that know nothing of blocks.
        double control = auc(embed(shuffled(network), SETTINGS));
        assertThat(auc).isGreaterThan(0.75);
        assertThat(control).isCloseTo(0.5, within(0.06));
    }

    @Test
    void theErrorFalls() {
        GeneNetworkEmbedding.Result result = GeneNetworkEmbedding.embed(blocks(1), SETTINGS, 1, Progress.SILENT);
        assertThat(result.lastError()).isLessThan(0.8 * result.firstError());
    }

    @Test
    void theSeedDecidesEveryBit() {
        GeneNetwork network = blocks(2);
        GeneTable table = embed(network, SETTINGS);
        assertThat(embed(network, SETTINGS).values()).containsExactly(table.values());
        GeneTable other = embed(network, settings(2));
        assertThat(other.values()).isNotEqualTo(table.values());
        // Not the numbers, but what they say: who is whose neighbour.
        assertThat(auc(other)).isGreaterThan(0.75);
    }

    @Test
    void everyGeneGetsANumberedPlaceEvenWithoutAnEdgeAndInATinyNetwork() {
        List<String> names = List.of("A", "B", "C", "ALONE");
        GeneNetwork network = GeneNetwork.of(names, new long[] {GeneNetwork.pair(0, 1), GeneNetwork.pair(1, 2)});
        GeneTable table = embed(network, GeneNetworkSettings.usual(64, 3, 1));
        assertThat(table.genes().names()).containsExactly("A", "ALONE", "B", "C");
        assertThat(table.dim()).isEqualTo(64);
        for (int gene = 0; gene < 4; gene++) {
            assertThat(Math.sqrt(dot(table, gene, gene))).isCloseTo(1, within(1e-5));
        }
    }

    @Test
    void theSpectrumIsThatOfTheNormalisedAdjacency() {
        GeneNetwork network = blocks(3);
        NetworkSpectrum.Spectrum spectrum = NetworkSpectrum.of(network, 6, 1, Progress.SILENT);
        int[] degrees = network.degrees();
        double mean = Arrays.stream(degrees).average().orElseThrow();
        GeneNetwork.Neighbours neighbours = network.neighbours(false);
        for (int c = 0; c < 3; c++) {
            double away = 0;
            double largest = 0;
            for (int gene = 0; gene < GENES; gene++) {
                double image = 0;
                for (int at = neighbours.offsets()[gene]; at < neighbours.offsets()[gene + 1]; at++) {
                    int other = neighbours.all()[at];
                    image += spectrum.vectors()[other * 6 + c]
                            / Math.sqrt((degrees[gene] + mean) * (degrees[other] + mean));
                }
                float entry = spectrum.vectors()[gene * 6 + c];
                away = Math.max(away, Math.abs(image - spectrum.values()[c] * entry));
                largest = Math.abs(entry) > Math.abs(largest) ? entry : largest;
            }
            assertThat(away).as("eigenvector %d", c).isLessThan(1e-3);
            assertThat(largest).isPositive();
        }
        assertThat(spectrum.values()[0]).isGreaterThan(spectrum.values()[1]);
    }

    @Test
    void settingsThatMakeNoSenseAreRefused() {
        assertThatThrownBy(() -> GeneNetworkSettings.usual(0, 1, 1)).hasMessageContaining("width of 0");
        assertThatThrownBy(() -> GeneNetworkSettings.usual(64, 0, 1)).hasMessageContaining("0 epochs");
        assertThatThrownBy(() -> new GeneNetworkSettings(64, 2, 4, 1, 1, 2, 0.01, 1))
                .hasMessageContaining("1.0");
    }

    private static GeneNetworkSettings settings(long seed) {
        return new GeneNetworkSettings(16, 2, 4, 30, 0.5, 2, 0.01, seed);
    }

    private static GeneTable embed(GeneNetwork network, GeneNetworkSettings settings) {
        return GeneNetworkEmbedding.embed(network, settings, 1, Progress.SILENT).table();
    }

    private static List<String> names() {
        return IntStream.range(0, GENES)
                .mapToObj(gene -> String.format(Locale.ROOT, "G%03d", gene))
                .toList();
    }

    private static GeneNetwork blocks(long seed) {
        KeyedRandom random = KeyedRandom.of(seed, 11);
        LongStream.Builder pairs = LongStream.builder();
        for (int one = 0; one < GENES; one++) {
            for (int other = one + 1; other < GENES; other++) {
                if (random.nextDouble() < (one % BLOCKS == other % BLOCKS ? 0.25 : 0.02)) {
                    pairs.add(GeneNetwork.pair(one, other));
                }
            }
        }
        return GeneNetwork.of(names(), pairs.build().toArray());
    }

    private static GeneNetwork shuffled(GeneNetwork network) {
        List<Integer> ends = new ArrayList<>();
        for (int edge = 0; edge < network.edges(); edge++) {
            ends.add(network.first()[edge]);
            ends.add(network.second()[edge]);
        }
        int[] order = KeyedRandom.of(1, 12).permutation(ends.size());
        return GeneNetwork.of(
                names(),
                IntStream.range(0, network.edges())
                        .mapToLong(edge -> GeneNetwork.pair(ends.get(order[2 * edge]), ends.get(order[2 * edge + 1])))
                        .toArray());
    }

    /** The chance that two genes of a block are closer than two of different blocks. */
    private static double auc(GeneTable table) {
        List<Double> within = new ArrayList<>();
        List<Double> between = new ArrayList<>();
        for (int one = 0; one < GENES; one++) {
            for (int other = one + 1; other < GENES; other++) {
                (one % BLOCKS == other % BLOCKS ? within : between).add(dot(table, one, other));
            }
        }
        double won = 0;
        for (double right : within) {
            won += between.stream().filter(wrong -> wrong < right).count();
        }
        return won / within.size() / between.size();
    }

    private static double dot(GeneTable table, int one, int other) {
        double sum = 0;
        for (int d = 0; d < table.dim(); d++) {
            sum += (double) table.values()[one * table.dim() + d] * table.values()[other * table.dim() + d];
        }
        return sum;
    }
}
