package org.celllm.training.genes.network;

import java.util.Locale;
import org.bytedeco.pytorch.Tensor;
import org.celllm.data.genes.GeneTable;
import org.celllm.data.interactions.GeneNetwork;
import org.celllm.data.progress.Progress;
import org.celllm.data.random.KeyedRandom;
import org.celllm.network.runtime.GradientTape;
import org.celllm.network.runtime.Native;
import org.celllm.network.runtime.TensorArrays;
import org.celllm.network.runtime.Torch;
import org.celllm.training.optimiser.AdamW;

/** Embeds the genes of a network: those that interact with the same others come to lie side by side. */
public final class GeneNetworkEmbedding {
    private static final long PURPOSE = 0x6D61736B6564L;
    private static final AdamW.Settings ADAM = new AdamW.Settings(0.9, 0.999, 1e-8, 0);
    private static final double LONGEST_STEP = 1;

    private GeneNetworkEmbedding() {}

    /**
     * What came out.
     *
     * @param table the genes' vectors, each of length one, so that dot product and cosine are the same
     * @param firstError scaled cosine error of the first pass
     * @param lastError of the last
     */
    public record Result(GeneTable table, double firstError, double lastError) {}

    /**
     * The plain spectral embedding: the features that {@link #embed} starts from, each of length one. A pure function of
     * network, width and seed, as {@link #embed} is of its settings.
     *
     * @param dim width; a network of fewer genes leaves the last columns zero
     */
    public static GeneTable spectral(GeneNetwork network, int dim, long seed, int threads, Progress progress) {
        Torch.configure(threads);
        NetworkSpectrum.Spectrum spectrum = NetworkSpectrum.of(network, dim, seed, progress);
        GeneTable features = new GeneTable(network.genes(), spectrum.count(), spectrum.features());
        return new GeneTable(network.genes(), dim, padded(features, dim));
    }

    /**
     * Trains an autoencoder and encodes the genes, none hidden. A pure function of network and settings, to the bit for the
     * same machine, library and number of threads.
     *
     * @param threads of a product
     */
    public static Result embed(GeneNetwork network, GeneNetworkSettings settings, int threads, Progress progress) {
        GeneTable features = spectral(network, settings.dim(), settings.seed(), threads, progress);
        int nodes = network.genes().size();
        double[] errors = new double[2];
        float[][] codes = new float[1][];
        try (GraphEdges edges = GraphEdges.of(network, true);
                GraphAutoencoder model = new GraphAutoencoder(settings)) {
            Native.run(() -> {
                Tensor x = TensorArrays.of(features.values(), nodes, settings.dim());
                train(model, x, edges, settings, errors, progress);
                Native.runWithoutGradient(() -> {
                    try (GradientTape none = new GradientTape()) {
                        codes[0] = TensorArrays.floats(model.encode(x, edges, none));
                    }
                });
            });
        }
        level(codes[0], nodes, settings.dim());
        return new Result(new GeneTable(network.genes(), settings.dim(), codes[0]), errors[0], errors[1]);
    }

    /** [nodes · dim] the features and, where a small network has fewer of them, zeros. */
    private static float[] padded(GeneTable features, int dim) {
        if (features.dim() == dim) {
            return features.values();
        }
        int nodes = features.genes().size();
        float[] padded = new float[Math.multiplyExact(nodes, dim)];
        for (int node = 0; node < nodes; node++) {
            System.arraycopy(features.values(), node * features.dim(), padded, node * dim, features.dim());
        }
        return padded;
    }

    private static void train(
            GraphAutoencoder model,
            Tensor x,
            GraphEdges edges,
            GeneNetworkSettings settings,
            double[] errors,
            Progress progress) {
        int nodes = edges.nodes();
        int epochs = settings.epochs();
        try (AdamW adam = new AdamW(model.weights(), ADAM);
                Progress.Task task = progress.start("Learning from the network", "epochs", epochs)) {
            for (int epoch = 0; epoch < epochs; epoch++) {
                float[] hidden = hidden(nodes, settings, epoch);
                int now = epoch;
                Native.run(() -> {
                    adam.zeroGradients();
                    try (GradientTape tape = new GradientTape()) {
                        Tensor error = model.error(x, TensorArrays.of(hidden, nodes, 1), edges, tape);
                        error.backward();
                        tape.backward();
                        errors[now == 0 ? 0 : 1] = error.item_double();
                    }
                });
                if (epoch == 0) {
                    errors[1] = errors[0];
                }
                adam.clip(LONGEST_STEP);
                // A cosine from the full rate to nothing.
                adam.step(settings.learningRate() * (1 + Math.cos(Math.PI * epoch / epochs)) / 2);
                task.note(String.format(Locale.ROOT, "error %.4f", errors[1]));
                task.advance(1);
            }
        }
    }

    /** [nodes] one for hidden: at least one node, and at least one seen where there are two. */
    private static float[] hidden(int nodes, GeneNetworkSettings settings, int epoch) {
        int count = (int) Math.max(1, Math.min(nodes - 1, Math.round(settings.masked() * nodes)));
        int[] order = KeyedRandom.of(settings.seed(), PURPOSE, epoch).permutation(nodes);
        float[] hidden = new float[nodes];
        for (int i = 0; i < count; i++) {
            hidden[order[i]] = 1;
        }
        return hidden;
    }

    /** Brings each row to length one; a row of zeros stays. */
    private static void level(float[] rows, int nodes, int dim) {
        for (int node = 0; node < nodes; node++) {
            double squares = 0;
            for (int d = 0; d < dim; d++) {
                double value = rows[node * dim + d];
                squares += value * value;
            }
            double factor = squares > 0 ? 1 / Math.sqrt(squares) : 0;
            for (int d = 0; d < dim; d++) {
                rows[node * dim + d] *= (float) factor;
            }
        }
    }
}
