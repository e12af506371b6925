package org.celllm.bench;

import java.io.IOException;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.HashMap;
import java.util.Locale;
import java.util.Map;
import java.util.OptionalDouble;
import org.celllm.data.genes.GeneTable;
import org.celllm.data.interactions.GeneNetwork;
import org.celllm.data.interactions.InteractionFile;
import org.celllm.data.progress.Progress;
import org.celllm.network.runtime.ResidentMemory;
import org.celllm.training.genes.network.GeneNetworkEmbedding;
import org.celllm.training.genes.network.GeneNetworkSettings;
import org.celllm.training.memory.Bytes;
import org.jspecify.annotations.Nullable;

/**
 * What embeddings of a network's genes know: a tenth of the edges is held out, the rest embedded, and the area under the ROC
 * curve says how well a score tells the held-out edges from degree-matched pairs without one. Beside the embedding stand
 * neighbours in common, Adamic and Adar's index ("Friends and neighbors on the Web", Social Networks 25, 2003), the plain
 * spectral embedding of the same width, and the product of the degrees as a control.
 *
 * <pre>PpiEmbeddingBenchmark FILE [dim=512] [epochs=…] [layers=…] [heads=…] [masked=…] [exponent=…] [rate=…] [seed=1] [split=1]
 *     [threads=1] [min=…]</pre>
 */
public final class PpiEmbeddingBenchmark {
    private static final double SHARE = 0.1;

    private PpiEmbeddingBenchmark() {}

    /** Prints a line for each method, with tabs. */
    public static void main(String[] args) throws IOException {
        if (args.length == 0) {
            System.err.println("PpiEmbeddingBenchmark FILE [dim=512] [epochs=…] …");
            System.exit(2);
        }
        Map<String, Double> options = new HashMap<>();
        Arrays.stream(args).skip(1).map(arg -> arg.split("=", 2)).forEach(o -> options.put(o[0], Double.valueOf(o[1])));
        GeneNetwork whole = InteractionFile.read(
                        Path.of(args[0]),
                        null,
                        options.containsKey("min")
                                ? OptionalDouble.of(option(options, "min", 0))
                                : OptionalDouble.empty())
                .network();
        HeldOutEdges split = HeldOutEdges.of(whole, SHARE, (long) option(options, "split", 1));
        System.out.printf(
                Locale.ROOT,
                "%,d genes, %,d edges, %,d held out%n",
                whole.genes().size(),
                whole.edges(),
                split.edges().length);
        counts(split);
        embeddings(split, settings(options), (int) option(options, "threads", 1));
    }

    private static double option(Map<String, Double> options, String name, double usual) {
        Double given = options.get(name);
        return given == null ? usual : given;
    }

    private static GeneNetworkSettings settings(Map<String, Double> options) {
        GeneNetworkSettings usual = GeneNetworkSettings.usual(
                (int) option(options, "dim", 512),
                (int) option(options, "epochs", GeneNetworkSettings.USUAL_EPOCHS),
                (long) option(options, "seed", 1));
        return new GeneNetworkSettings(
                usual.dim(),
                (int) option(options, "layers", usual.layers()),
                (int) option(options, "heads", usual.heads()),
                usual.epochs(),
                option(options, "masked", usual.masked()),
                option(options, "exponent", usual.exponent()),
                option(options, "rate", usual.learningRate()),
                usual.seed());
    }

    private static void counts(HeldOutEdges split) {
        int[] degrees = split.network().degrees();
        GeneNetwork.Neighbours neighbours = split.network().neighbours(false);
        print("product of degrees", split.auc((one, other) -> (double) degrees[one] * degrees[other]));
        print("neighbours in common", split.auc((one, other) -> common(neighbours, one, other, null)));
        print("Adamic–Adar", split.auc((one, other) -> common(neighbours, one, other, degrees)));
    }

    private static void embeddings(HeldOutEdges split, GeneNetworkSettings settings, int threads) {
        long start = System.nanoTime();
        GeneTable spectral = GeneNetworkEmbedding.spectral(
                split.network(), settings.dim(), settings.seed(), threads, Progress.SILENT);
        double spectralMinutes = (System.nanoTime() - start) / 60e9;
        print(
                String.format(Locale.ROOT, "spectral, %d wide (%.2f min)", spectral.dim(), spectralMinutes),
                split.auc((one, other) -> dot(spectral, one, other)));
        start = System.nanoTime();
        GeneNetworkEmbedding.Result result =
                GeneNetworkEmbedding.embed(split.network(), settings, threads, Progress.SILENT);
        double minutes = (System.nanoTime() - start) / 60e9;
        print("graph autoencoder", split.auc((one, other) -> dot(result.table(), one, other)));
        System.out.printf(
                Locale.ROOT,
                "%s%nerror %.4f to %.4f; %.2f min on %d threads; resident at most %s%n",
                settings,
                result.firstError(),
                result.lastError(),
                minutes,
                threads,
                Bytes.of(ResidentMemory.peak().orElse(0)));
    }

    private static void print(String method, double auc) {
        System.out.printf(Locale.ROOT, "%s\t%.4f%n", method, auc);
    }

    /** Σ over neighbours in common of 1, or of 1 / ln degree where degrees are given. */
    private static double common(GeneNetwork.Neighbours neighbours, int one, int other, int @Nullable [] degrees) {
        double sum = 0;
        for (int at = neighbours.offsets()[one]; at < neighbours.offsets()[one + 1]; at++) {
            int shared = neighbours.all()[at];
            if (neighbours.has(other, shared)) {
                sum += degrees == null ? 1 : 1 / Math.log(degrees[shared]);
            }
        }
        return sum;
    }

    private static double dot(GeneTable table, int one, int other) {
        double sum = 0;
        for (int d = 0; d < table.dim(); d++) {
            sum += (double) table.values()[one * table.dim() + d] * table.values()[other * table.dim() + d];
        }
        return sum;
    }
}
