package org.celllm.bench;

import java.io.IOException;
import java.util.Arrays;
import java.util.Locale;
import org.celllm.data.cells.CellBatch;
import org.celllm.network.CellLanguageModel;
import org.celllm.network.ModelOptions;
import org.celllm.network.NetworkConfig;
import org.celllm.network.Preset;
import org.celllm.network.runtime.Precision;
import org.celllm.network.runtime.Workers;
import org.celllm.training.contrast.ChunkPlan;
import org.celllm.training.contrast.DivideAndConquer;
import org.celllm.training.objective.Objectives;
import org.celllm.training.objective.PairScale;
import org.celllm.training.optimiser.AdamW;
import org.celllm.training.views.CellViews;
import org.celllm.training.views.ViewSettings;

/**
 * What dividing costs: the gradient of a batch in n chunks of which m keep their graph, beside the undivided batch, one chunk
 * for each worker whose graph is kept. The paper's bound is 1 + (n − m)/(3n).
 *
 * <pre>KeptBenchmark PRESET BATCH CHUNKS SHORTEST LONGEST [ROUNDS] [THREADS]</pre>
 *
 * <p>All divisions take turns in every round; a line has the median over the rounds of the ratio within a round.
 */
public final class KeptBenchmark {
    private KeptBenchmark() {}

    /** Runs one network and prints a line for every m. */
    public static void main(String[] args) throws IOException {
        Preset preset = Preset.of(args[0]);
        int size = Integer.parseInt(args[1]);
        int wanted = Integer.parseInt(args[2]);
        int rounds = args.length > 5 ? Integer.parseInt(args[5]) : 5;
        int threads = args.length > 6 ? Integer.parseInt(args[6]) : 2;
        try (SyntheticCells cells = SyntheticCells.of(1 << 20, 10_000, args[3], args[4])) {
            NetworkConfig network = preset.config(10_000);
            CellBatch batch = cells.batch(0, size);
            CellViews views = new CellViews(new ViewSettings(0, 1, 0.15, 0.9, 0), network, 1);
            long positions = 0;
            int longest = 0;
            for (int cell = 0; cell < size; cell++) {
                positions += views.positions(batch, cell);
                longest = Math.max(longest, views.positions(batch, cell));
            }
            int chunk = (int) (positions / wanted) + longest;
            ChunkPlan undivided = new ChunkPlan((int) (positions / threads) + longest, Integer.MAX_VALUE, threads);
            int chunks = new ChunkPlan(chunk, 0, threads).chunks(batch, views).size();
            int[] kept = new int[5];
            for (int i = 0; i < kept.length; i++) {
                kept[i] = Math.round(chunks * i / 4f);
            }
            double[][] ratios = new double[kept.length][rounds];
            int[] rerun = new int[kept.length];
            double[] whole = new double[rounds];
            try (CellLanguageModel model =
                            CellLanguageModel.create(network, ModelOptions.PUBLISHED, 1, Precision.BFLOAT16);
                    PairScale scale = PairScale.of(Objectives.DEFAULT.contrast(), size, Precision.BFLOAT16);
                    AdamW gradients = new AdamW(model.trainable(), AdamW.Settings.DEFAULT);
                    Workers workers = new Workers(threads);
                    DivideAndConquer step = new DivideAndConquer(model, views, Objectives.DEFAULT, scale, 1, workers)) {
                step.freed().allow(Long.MAX_VALUE / 4, Long.MAX_VALUE / 4, Long.MAX_VALUE);
                for (int round = -1; round < rounds; round++) {
                    double alone = seconds(step, gradients, batch, undivided);
                    for (int i = 0; i < kept.length; i++) {
                        ChunkPlan plan = new ChunkPlan(chunk, kept[i], threads);
                        double divided = seconds(step, gradients, batch, plan);
                        if (round >= 0) {
                            ratios[i][round] = divided / alone;
                            whole[round] = alone;
                        }
                    }
                }
                for (int i = 0; i < kept.length; i++) {
                    rerun[i] = step.step(batch, 0, new ChunkPlan(chunk, kept[i], threads))
                            .rerun();
                    gradients.zeroGradients();
                }
            }
            System.out.printf(
                    Locale.ROOT,
                    "%s bfloat16, %d threads, %d cells, %d positions; undivided %.2f s%n",
                    preset.word(),
                    threads,
                    size,
                    positions,
                    median(whole));
            for (int i = 0; i < kept.length; i++) {
                double bound = 1 + rerun[i] / (3.0 * chunks);
                System.out.printf(
                        Locale.ROOT,
                        "n = %d, m = %d: %.3f of the undivided step [%.3f, %.3f]; 1 + (n - m)/(3n) = %.3f%n",
                        chunks,
                        chunks - rerun[i],
                        median(ratios[i]),
                        Arrays.stream(ratios[i]).min().orElseThrow(),
                        Arrays.stream(ratios[i]).max().orElseThrow(),
                        bound);
            }
        }
    }

    private static double seconds(DivideAndConquer step, AdamW gradients, CellBatch batch, ChunkPlan plan) {
        gradients.zeroGradients();
        long start = System.nanoTime();
        step.step(batch, 0, plan);
        return (System.nanoTime() - start) * 1e-9;
    }

    private static double median(double[] values) {
        double[] sorted = values.clone();
        Arrays.sort(sorted);
        return sorted[sorted.length / 2];
    }
}
