package org.celllm.tasks.drug.network;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.List;
import java.util.Map;
import org.bytedeco.javacpp.DoublePointer;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.global.torch.ScalarType;
import org.celllm.data.random.KeyedRandom;
import org.celllm.network.runtime.Native;
import org.celllm.network.runtime.TensorArrays;
import org.celllm.network.runtime.Torch;
import org.celllm.tasks.drug.MolecularGraph;
import org.celllm.tasks.drug.SmilesReader;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class GraphIsomorphismNetworkTest {
    private static final List<MolecularGraph> DRUGS =
            List.of(graph("CC(=O)Oc1ccccc1C(=O)O"), graph("C"), graph("N[Pt](N)(Cl)Cl"), graph("CN1C=NC2=C1C(=O)NC2"));

    @BeforeAll
    static void oneThread() {
        Torch.configure(1);
    }

    @ParameterizedTest
    @EnumSource
    void theOrderOfAtomsDoesNotMatter(MoleculePooling pooling) {
        try (GraphIsomorphismNetwork network = new GraphIsomorphismNetwork(settings(pooling, 1))) {
            for (long seed = 0; seed < 5; seed++) {
                for (MolecularGraph graph : DRUGS) {
                    int[] order = KeyedRandom.of(seed).permutation(graph.size());
                    same(embedded(network, graph)[0], embedded(network, graph.reordered(order))[0], 1e-5);
                }
            }
        }
    }

    @ParameterizedTest
    @EnumSource
    void aMoleculeIsTheSameAloneAndInAnyBatch(MoleculePooling pooling) {
        try (GraphIsomorphismNetwork network = new GraphIsomorphismNetwork(settings(pooling, 1))) {
            float[][] together = embedded(network, DRUGS.toArray(MolecularGraph[]::new));
            for (int i = 0; i < DRUGS.size(); i++) {
                same(together[i], embedded(network, DRUGS.get(i))[0], 1e-5);
            }
            assertThat(distance(together[0], together[3])).isGreaterThan(1e-3);
        }
    }

    @Test
    void moleculesThatNeighboursTellApartDiffer() {
        // Where a chain of eight carbon atoms branches.
        try (GraphIsomorphismNetwork network = new GraphIsomorphismNetwork(settings(MoleculePooling.SUM, 1))) {
            float[][] rows = embedded(network, graph("CCCCCCC(C)C"), graph("CCCCCC(C)CC"), graph("CCCCC(C)CCC"));
            assertThat(distance(rows[0], rows[1])).isGreaterThan(1e-3);
            assertThat(distance(rows[1], rows[2])).isGreaterThan(1e-3);
            // Two rings that no exchange between neighbours tells apart: the bound of the method.
            MolecularGraph fused = graph("C1CCC2CCCCC2C1");
            MolecularGraph joined = graph("C1CCC(C1)C1CCCC1");
            float[][] alike = embedded(network, withoutBondFeatures(fused), withoutBondFeatures(joined));
            same(alike[0], alike[1], 1e-4);
            // That a bond lies in a ring does tell them apart.
            float[][] told = embedded(network, fused, joined);
            assertThat(distance(told[0], told[1])).isGreaterThan(1e-3);
        }
    }

    @Test
    void bondsAreHeard() {
        try (GraphIsomorphismNetwork network = new GraphIsomorphismNetwork(settings(MoleculePooling.MEAN, 1))) {
            MolecularGraph ring = graph("C1CCCCC1");
            float[][] rows = embedded(network, ring, withoutBondFeatures(ring));
            assertThat(distance(rows[0], rows[1])).isGreaterThan(1e-3);
        }
    }

    @ParameterizedTest
    @EnumSource
    void gradientsAreThoseOfFiniteDifferences(MoleculePooling pooling) {
        MoleculeNetworkSettings settings = new MoleculeNetworkSettings(2, 6, 3, pooling, 4);
        try (GraphIsomorphismNetwork network = new GraphIsomorphismNetwork(settings, ScalarType.Double);
                MoleculeBatch batch = MoleculeBatch.of(DRUGS, ScalarType.Double)) {
            Native.run(() -> loss(network, batch).backward());
            KeyedRandom random = KeyedRandom.of(9);
            for (Map.Entry<String, Tensor> weight : network.weights().entrySet()) {
                double[] gradient = new double[Math.toIntExact(weight.getValue().numel())];
                Native.run(() -> System.arraycopy(
                        TensorArrays.doubles(weight.getValue().grad().detach()), 0, gradient, 0, gradient.length));
                assertThat(gradient).as(weight.getKey()).isNotEmpty();
                for (int trial = 0; trial < 4; trial++) {
                    int at = random.nextInt(gradient.length);
                    double up = moved(network, batch, weight.getValue(), at, 1e-6);
                    double down = moved(network, batch, weight.getValue(), at, -1e-6);
                    assertThat(gradient[at])
                            .as("%s, number %d", weight.getKey(), at)
                            .isCloseTo((up - down) / 2e-6, within(1e-5 * Math.max(1, Math.abs(gradient[at]))));
                }
            }
        }
    }

    @Test
    void theSamePassGivesTheSameBitsForwardAndBack() {
        double[][] first = pass();
        assertThat(pass()).isDeepEqualTo(first);
    }

    @Test
    void theSeedDecidesTheWeights() {
        try (GraphIsomorphismNetwork one = new GraphIsomorphismNetwork(settings(MoleculePooling.MEAN, 1));
                GraphIsomorphismNetwork same = new GraphIsomorphismNetwork(settings(MoleculePooling.MEAN, 1));
                GraphIsomorphismNetwork other = new GraphIsomorphismNetwork(settings(MoleculePooling.MEAN, 2))) {
            assertThat(embedded(one, DRUGS.get(0))).isDeepEqualTo(embedded(same, DRUGS.get(0)));
            assertThat(distance(embedded(one, DRUGS.get(0))[0], embedded(other, DRUGS.get(0))[0]))
                    .isGreaterThan(1e-3);
            assertThat(one.weights()).containsKeys("atoms.weight", "layers.0.eps", "layers.2.mlp.1.bias", "out.weight");
        }
    }

    private static double[][] pass() {
        try (GraphIsomorphismNetwork network = new GraphIsomorphismNetwork(settings(MoleculePooling.SUM, 1));
                MoleculeBatch batch = MoleculeBatch.of(DRUGS)) {
            Native.run(() -> loss(network, batch).backward());
            double[][] gradients = new double[network.weights().size()][];
            int at = 0;
            for (Tensor weight : network.weights().values()) {
                int place = at++;
                Native.run(() ->
                        gradients[place] = TensorArrays.doubles(weight.grad().detach()));
            }
            return gradients;
        }
    }

    private static Tensor loss(GraphIsomorphismNetwork network, MoleculeBatch batch) {
        Tensor out = network.embed(batch);
        return out.mul(out).sum();
    }

    private static double moved(
            GraphIsomorphismNetwork network, MoleculeBatch batch, Tensor weight, int at, double by) {
        DoublePointer data = weight.data_ptr_double();
        double before = data.get(at);
        data.put(at, before + by);
        double[] loss = new double[1];
        Native.runWithoutGradient(() -> loss[0] = TensorArrays.doubles(loss(network, batch))[0]);
        data.put(at, before);
        return loss[0];
    }

    private static float[][] embedded(GraphIsomorphismNetwork network, MolecularGraph... graphs) {
        float[][][] rows = new float[1][][];
        try (MoleculeBatch batch = MoleculeBatch.of(List.of(graphs))) {
            Native.runWithoutGradient(() -> rows[0] = TensorArrays.rows(network.embed(batch)));
        }
        assertThat(rows[0]).hasDimensions(graphs.length, network.dim());
        return rows[0];
    }

    private static MoleculeNetworkSettings settings(MoleculePooling pooling, long seed) {
        return new MoleculeNetworkSettings(3, 16, 8, pooling, seed);
    }

    private static MolecularGraph withoutBondFeatures(MolecularGraph graph) {
        float[][] none = new float[graph.edges()][graph.bonds()[0].length];
        return new MolecularGraph(graph.atoms(), graph.from(), graph.to(), none);
    }

    private static MolecularGraph graph(String smiles) {
        return SmilesReader.read("test", smiles).graph();
    }

    private static void same(float[] found, float[] expected, double tolerance) {
        for (int i = 0; i < expected.length; i++) {
            assertThat(found[i]).isCloseTo(expected[i], within((float)
                    (tolerance * Math.max(1, Math.abs(expected[i])))));
        }
    }

    private static double distance(float[] one, float[] other) {
        double sum = 0;
        for (int i = 0; i < one.length; i++) {
            sum += (one[i] - other[i]) * (one[i] - other[i]);
        }
        return Math.sqrt(sum);
    }
}
