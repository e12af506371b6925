package org.celllm.tasks.response.model;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;
import org.celllm.data.random.KeyedRandom;
import org.celllm.network.runtime.Workers;
import org.celllm.tasks.drug.DrugTable;
import org.celllm.tasks.drug.Molecule;
import org.celllm.tasks.drug.SmilesReader;
import org.celllm.tasks.metrics.Correlation;
import org.celllm.tasks.response.DrugResponses;
import org.celllm.tasks.response.LineTables;
import org.celllm.tasks.response.NamedFeatures;
import org.celllm.tasks.response.ResponseData;
import org.celllm.tasks.response.ResponseSplit;
import org.celllm.tasks.response.ResponseSplits;
import org.celllm.tasks.response.SplitKind;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** Chains of carbon whose share of nitrogen is what a drug does; one gene says how a line takes it. */
class PairNetworkPathTest {
    private static final int LINES = 80;
    private static final int DRUGS = 36;
    private static final PairNetworkPath PATH = new PairNetworkPath(NetworkSettings.USUAL);

    private static Workers workers;

    @BeforeAll
    static void start() {
        workers = new Workers(2);
    }

    @AfterAll
    static void end() {
        workers.close();
    }

    @Test
    void unseenDrugsAreKnownByTheirMoleculesAndWrongMoleculesTellNothing() {
        int[] order = IntStream.range(0, DRUGS).toArray();
        assertThat(onUnseenDrugs(data(order))).isGreaterThan(0.7);
        assertThat(onUnseenDrugs(data(KeyedRandom.of(8).permutation(DRUGS))))
                .as("molecules of other drugs")
                .isLessThan(0.5);
    }

    @Test
    void theSameSeedGivesTheSameBitsAndAnotherDoesNot() {
        ResponseData data = data(IntStream.range(0, DRUGS).toArray());
        int[] all = IntStream.range(0, data.responses().pairs()).toArray();
        PairNetworkPath.Choice few = new PairNetworkPath.Choice(List.of(2, 3));
        double[][] first = predicted(data, all, few, 1, ResponseQuery.of(data));
        assertThat(predicted(data, all, few, 1, ResponseQuery.of(data))).isDeepEqualTo(first);
        assertThat(predicted(data, all, few, 2, ResponseQuery.of(data))[0]).isNotEqualTo(first[0]);
    }

    @Test
    void aPairIsPredictedTheSameAloneAndAmongOthers() {
        ResponseData data = data(IntStream.range(0, DRUGS).toArray());
        int[] all = IntStream.range(0, data.responses().pairs()).toArray();
        PairNetworkPath.Choice few = new PairNetworkPath.Choice(List.of(2, 2));
        try (TrainedPath path = PATH.fit(data, all, few, 1, workers)) {
            double[][] together = path.predict(ResponseQuery.of(data));
            String line = data.responses().lines().get(70);
            Molecule drug = List.copyOf(data.molecules()).get(5);
            ResponseQuery alone = new ResponseQuery(
                    List.of(data.lines().expression().of(List.of(line))), List.of(drug.name()), null, List.of(drug));
            assertThat(path.predict(alone)[0][0]).isCloseTo(together[70][5], within(1e-4));
        }
    }

    private static double[][] predicted(
            ResponseData data, int[] pairs, PairNetworkPath.Choice choice, long seed, ResponseQuery query) {
        try (TrainedPath path = PATH.fit(data, pairs, choice, seed, workers)) {
            return path.predict(query);
        }
    }

    /** Pearson's correlation over the test pairs of unseen drugs. */
    private static double onUnseenDrugs(ResponseData data) {
        ResponseSplit split = ResponseSplits.split(data.responses(), SplitKind.DRUGS, 2);
        try (TrainedPath path =
                PATH.fit(data, split.train(), split.validation(), 1, workers).trained()) {
            double[][] predicted = path.predict(ResponseQuery.of(data));
            DrugResponses responses = data.responses();
            float[] test = new float[split.test().length];
            for (int i = 0; i < test.length; i++) {
                test[i] = (float)
                        predicted[responses.line()[split.test()[i]]][responses.drug()[split.test()[i]]];
            }
            return Correlation.pearson(responses.at(split.test()), test);
        }
    }

    /** @param molecule which drug's molecule each drug is given */
    private static ResponseData data(int[] molecule) {
        KeyedRandom random = KeyedRandom.of(5);
        List<String> lines = new ArrayList<>();
        float[][] genes = new float[LINES][4];
        List<DrugResponses.Response> pairs = new ArrayList<>();
        for (int l = 0; l < LINES; l++) {
            lines.add(String.format("L%02d", l));
            for (int g = 0; g < 4; g++) {
                genes[l][g] = (float) random.nextGaussian();
            }
            for (int d = 0; d < DRUGS; d++) {
                double share = nitrogens(d) / (double) (nitrogens(d) + carbons(d));
                double value = 6 * share + share * genes[l][0] + 0.2 * random.nextGaussian();
                pairs.add(new DrugResponses.Response(lines.get(l), name(d), (float) value));
            }
        }
        List<Molecule> molecules = new ArrayList<>();
        for (int d = 0; d < DRUGS; d++) {
            molecules.add(
                    SmilesReader.read(name(d), "C".repeat(carbons(molecule[d])) + "N".repeat(nitrogens(molecule[d]))));
        }
        NamedFeatures expression = new NamedFeatures(lines, List.of("A", "B", "C", "D"), genes);
        return ResponseData.of(
                DrugResponses.of(pairs), LineTables.of(expression), null, new DrugTable(molecules), null);
    }

    private static int carbons(int drug) {
        return 1 + drug % 6;
    }

    private static int nitrogens(int drug) {
        return drug / 6;
    }

    private static String name(int drug) {
        return String.format("D%02d", drug);
    }
}
