package org.celllm.tasks.response.model;

import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import org.bytedeco.pytorch.Scalar;
import org.bytedeco.pytorch.Tensor;
import org.celllm.data.random.KeyedRandom;
import org.celllm.network.runtime.Native;
import org.celllm.network.runtime.TensorArrays;
import org.celllm.tasks.drug.Molecule;
import org.celllm.tasks.drug.network.MoleculeBatch;
import org.celllm.tasks.response.DrugResponses;
import org.celllm.tasks.response.ResponseData;
import org.celllm.training.optimiser.AdamW;
import org.jspecify.annotations.Nullable;

/**
 * Trains a {@link PairNetwork} by squared error of standardised responses. A pure function of inputs, settings and seed: what is
 * dropped and forgotten in a step, and the order of the lines, are drawn from (seed, epoch, step).
 */
final class PairNetworkTraining {
    private static final long ORDER = 0x0DE2;
    private static final long DROP = 0xD20;
    private static final long FORGET = 0xF02;
    private static final double MOST_NORM = 5;
    private static final AdamW.Settings CONSTANTS = new AdamW.Settings(0.9, 0.99, 1e-8, 0);

    private final PairNetworkInputs inputs;
    private final NetworkSettings settings;
    private final long seed;
    private final PairNetwork network;
    private int bestEpochs;

    PairNetworkTraining(PairNetworkInputs inputs, NetworkSettings settings, long seed) {
        this.inputs = inputs;
        this.settings = settings;
        this.seed = seed;
        this.network = inputs.scales().network(settings, seed);
    }

    PairNetwork network() {
        return network;
    }

    PairNetworkInputs inputs() {
        return inputs;
    }

    /** After how many epochs validation was best, or as many as were asked for. */
    int bestEpochs() {
        return bestEpochs;
    }

    /** Trains for some epochs. */
    void run(int epochs) {
        train(epochs, null, null);
        bestEpochs = epochs;
    }

    /** Trains until validation pairs are not predicted better any more, and goes back to where they were best. */
    void run(ResponseData data, int[] validation) {
        train(settings.epochs(), data, validation);
    }

    private void train(int epochs, @Nullable ResponseData data, int @Nullable [] validation) {
        Map<String, Tensor> best = new LinkedHashMap<>();
        double least = Double.POSITIVE_INFINITY;
        List<Molecule> molecules = inputs.molecules();
        try (AdamW optimiser = new AdamW(
                        network.weights(),
                        new AdamW.Settings(
                                CONSTANTS.beta1(), CONSTANTS.beta2(), CONSTANTS.epsilon(), settings.decay()));
                MoleculeBatch batch = molecules == null
                        ? null
                        : MoleculeBatch.of(
                                molecules.stream().map(Molecule::graph).toList())) {
            // Without validation there is nothing to lose patience with.
            int patience = validation == null ? epochs : settings.patience();
            for (int epoch = 0; epoch < epochs && epoch - bestEpochs < patience; epoch++) {
                epoch(epoch, optimiser, batch);
                if (data != null && validation != null) {
                    double error = error(data, validation);
                    if (error < least) {
                        least = error;
                        bestEpochs = epoch + 1;
                        keep(best);
                    }
                }
            }
            if (!best.isEmpty()) {
                Native.runWithoutGradient(() -> network.weights()
                        .forEach((name, weight) -> weight.detach().copy_(kept(best, name))));
            }
        } finally {
            best.values().forEach(Tensor::close);
        }
    }

    private void keep(Map<String, Tensor> best) {
        Native.runWithoutGradient(() -> network.weights().forEach((name, weight) -> {
            Tensor before = best.get(name);
            if (before == null) {
                best.put(name, Native.keep(weight.detach().clone()));
            } else {
                before.copy_(weight.detach());
            }
        }));
    }

    private static Tensor kept(Map<String, Tensor> best, String name) {
        Tensor tensor = best.get(name);
        if (tensor == null) {
            throw new IllegalStateException("no copy of " + name);
        }
        return tensor;
    }

    private double error(ResponseData data, int[] validation) {
        double[][] predicted = TrainedPairNetworks.predict(
                new TrainedPairNetworks.Member(inputs.scales(), network), ResponseQuery.of(data));
        DrugResponses responses = data.responses();
        double error = 0;
        for (int pair : validation) {
            double miss = predicted[responses.line()[pair]][responses.drug()[pair]]
                    - responses.lnIc50()[pair];
            error += miss * miss;
        }
        return error;
    }

    private void epoch(int epoch, AdamW optimiser, @Nullable MoleculeBatch batch) {
        int[] order = KeyedRandom.of(seed, ORDER, epoch)
                .permutation(inputs.scales().lines().size());
        int step = 0;
        for (int from = 0; from < order.length; from += settings.linesPerStep()) {
            int[] lines = Arrays.copyOfRange(order, from, Math.min(order.length, from + settings.linesPerStep()));
            int number = step++;
            optimiser.zeroGradients();
            Native.run(() -> loss(lines, epoch, number, batch).backward());
            if (!Double.isFinite(optimiser.clip(MOST_NORM))) {
                throw new IllegalStateException("the training of the response network diverged in epoch " + epoch);
            }
            optimiser.step(settings.rate(epoch));
        }
    }

    private Tensor loss(int[] lines, int epoch, int step, @Nullable MoleculeBatch batch) {
        int drugs = inputs.scales().drugs().size();
        double[][] rows =
                Arrays.stream(lines).mapToObj(line -> inputs.rows()[line]).toArray(double[][]::new);
        Tensor features = TensorArrays.of(
                        inputs.scales().flat(rows),
                        lines.length,
                        inputs.scales().features().size())
                .mul(dropped(
                        epoch, step, 0, lines.length, inputs.scales().features().size()));
        Tensor u = network.lines(
                features,
                dropped(epoch, step, 1, lines.length, 2 * settings.width()),
                TensorArrays.of(lines, lines.length),
                remembered(epoch, step, 0, lines.length));
        Tensor v = network.drugs(
                batch, TensorArrays.of(IntStream.range(0, drugs).toArray(), drugs), remembered(epoch, step, 1, drugs));
        float[] target = new float[lines.length * drugs];
        float[] mask = new float[target.length];
        int pairs = 0;
        for (int i = 0; i < lines.length; i++) {
            for (int d = 0; d < drugs; d++) {
                double value = inputs.responses()[lines[i]][d];
                if (!Double.isNaN(value)) {
                    target[i * drugs + d] = (float)
                            ((value - inputs.scales().mean()) / inputs.scales().deviation());
                    mask[i * drugs + d] = 1;
                    pairs++;
                }
            }
        }
        Tensor miss = network.responses(u, v)
                .sub(TensorArrays.of(target, lines.length, drugs))
                .mul(TensorArrays.of(mask, lines.length, drugs));
        return miss.mul(miss).sum().div(new Scalar((double) Math.max(1, pairs)));
    }

    /** Inverted dropout of [rows, columns]. */
    private Tensor dropped(int epoch, int step, int what, int rows, int columns) {
        long key = KeyedRandom.key(seed, DROP, ((long) epoch << 20) + step, what);
        float kept = (float) (1 / (1 - settings.dropout()));
        float[] mask = new float[rows * columns];
        for (int i = 0; i < mask.length; i++) {
            mask[i] = KeyedRandom.uniform(key, i) < settings.dropout() ? 0 : kept;
        }
        return TensorArrays.of(mask, rows, columns);
    }

    /** [n, 1] 0 for those that this step knows by their features alone. */
    private Tensor remembered(int epoch, int step, int what, int n) {
        long key = KeyedRandom.key(seed, FORGET, ((long) epoch << 20) + step, what);
        float[] mask = new float[n];
        for (int i = 0; i < n; i++) {
            mask[i] = KeyedRandom.uniform(key, i) < settings.forgetting() ? 0 : 1;
        }
        return TensorArrays.of(mask, n, 1);
    }
}
