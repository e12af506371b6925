package org.celllm.tasks.response.model;

import java.util.Arrays;
import java.util.List;
import org.bytedeco.pytorch.Tensor;
import org.celllm.network.runtime.Native;
import org.celllm.network.runtime.TensorArrays;
import org.celllm.tasks.drug.Molecule;
import org.celllm.tasks.drug.network.MoleculeBatch;

/**
 * Fitted networks, whose predictions are averaged. They are closed with it.
 *
 * @param members at least one
 * @param chosen what was chosen, in words
 */
record TrainedPairNetworks(List<Member> members, String chosen) implements TrainedPath {
    private static final int LINES_AT_ONCE = 64;

    TrainedPairNetworks {
        members = List.copyOf(members);
    }

    /** A network and how its inputs are scaled. */
    record Member(PairNetworkScales scales, PairNetwork network) {}

    @Override
    public double[][] predict(ResponseQuery query) {
        double[][] sum = new double[query.names().size()][query.drugs().size()];
        for (Member member : members) {
            double[][] one = predict(member, query);
            for (int i = 0; i < sum.length; i++) {
                for (int j = 0; j < sum[i].length; j++) {
                    sum[i][j] += one[i][j] / members.size();
                }
            }
        }
        return sum;
    }

    /** The predictions of one of them. */
    static double[][] predict(Member member, ResponseQuery query) {
        PairNetworkScales scales = member.scales();
        double[][] rows = scales.features().rows(query.lines());
        int[] line = LineFeatures.places(query.names(), scales.lines());
        int[] drug = LineFeatures.places(query.drugs(), scales.drugs());
        double[][] predicted = new double[rows.length][];
        List<Molecule> molecules = query.molecules();
        try (MoleculeBatch batch = molecules == null || !scales.withMolecules()
                ? null
                : MoleculeBatch.of(molecules.stream().map(Molecule::graph).toList())) {
            Native.runWithoutGradient(() -> {
                Tensor v = member.network().drugs(batch, places(drug), known(drug));
                for (int from = 0; from < rows.length; from += LINES_AT_ONCE) {
                    int first = from;
                    int to = Math.min(rows.length, from + LINES_AT_ONCE);
                    Native.run(() -> {
                        int[] some = Arrays.copyOfRange(line, first, to);
                        Tensor features = TensorArrays.of(
                                scales.flat(Arrays.copyOfRange(rows, first, to)),
                                some.length,
                                scales.features().size());
                        Tensor u = member.network().lines(features, null, places(some), known(some));
                        float[][] values = TensorArrays.rows(member.network().responses(u, v));
                        for (int i = 0; i < values.length; i++) {
                            predicted[first + i] = new double[values[i].length];
                            for (int j = 0; j < values[i].length; j++) {
                                predicted[first + i][j] = scales.mean() + scales.deviation() * values[i][j];
                            }
                        }
                    });
                }
            });
        }
        return predicted;
    }

    /** Places of trained ones, 0 for others. */
    static Tensor places(int[] places) {
        return TensorArrays.of(
                Arrays.stream(places).map(place -> Math.max(0, place)).toArray(), places.length);
    }

    /** [places, 1] 1 for trained ones, 0 for others. */
    static Tensor known(int[] places) {
        float[] known = new float[places.length];
        for (int i = 0; i < known.length; i++) {
            known[i] = places[i] < 0 ? 0 : 1;
        }
        return TensorArrays.of(known, known.length, 1);
    }

    @Override
    public void close() {
        members.forEach(member -> member.network().close());
    }
}
