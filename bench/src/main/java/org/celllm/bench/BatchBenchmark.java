package org.celllm.bench;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Locale;
import org.celllm.data.cells.CellBatch;
import org.celllm.data.files.SafeFiles;
import org.celllm.data.progress.Progress;
import org.celllm.network.CellLanguageModel;
import org.celllm.network.ModelOptions;
import org.celllm.network.NetworkConfig;
import org.celllm.network.Preset;
import org.celllm.network.runtime.Precision;
import org.celllm.network.runtime.ResidentMemory;
import org.celllm.network.runtime.Workers;
import org.celllm.training.PretrainResult;
import org.celllm.training.PretrainSettings;
import org.celllm.training.Pretrainer;
import org.celllm.training.RunSettings;
import org.celllm.training.contrast.ChunkPlan;
import org.celllm.training.contrast.DivideAndConquer;
import org.celllm.training.genes.GeneEmbeddings;
import org.celllm.training.memory.Bytes;
import org.celllm.training.objective.Objectives;
import org.celllm.training.objective.PairScale;
import org.celllm.training.optimiser.AdamW;
import org.celllm.training.views.CellViews;
import org.celllm.training.views.ViewSettings;

/**
 * Peak memory and time of a step by the batch, divided within a budget or undivided (one chunk for each thread, whose graph is
 * kept). One configuration a process; prints {@code batch, way, peak bytes, seconds of the fastest step} with tabs, for {@link
 * BatchFigure}.
 *
 * <pre>BatchBenchmark PRESET BATCH MEMORY|undivided GENES [STEPS] [THREADS]</pre>
 */
public final class BatchBenchmark {
    private BatchBenchmark() {}

    /** Runs one configuration. */
    public static void main(String[] args) throws IOException {
        Preset preset = Preset.of(args[0]);
        int batch = Integer.parseInt(args[1]);
        int steps = args.length > 4 ? Integer.parseInt(args[4]) : 3;
        int threads = args.length > 5 ? Integer.parseInt(args[5]) : 2;
        ViewSettings views = new ViewSettings(0, 1, 0.15, 0.9, 0);
        try (SyntheticCells cells = SyntheticCells.of(1 << 20, 10_000, args[3], args[3])) {
            double[] figures = args[2].equals("undivided")
                    ? undivided(preset, cells, batch, views, steps, threads)
                    : divided(preset, cells, batch, views, steps, threads, Bytes.parse("MEMORY", args[2]));
            System.out.printf(Locale.ROOT, "%d\t%s\t%.0f\t%.3f%n", batch, args[2], figures[0], figures[1]);
        }
    }

    private static double[] divided(
            Preset preset, SyntheticCells cells, int batch, ViewSettings views, int steps, int threads, long memory)
            throws IOException {
        PretrainSettings settings = PretrainSettings.of(preset)
                .with(batch, steps, 1)
                .with(views, Objectives.DEFAULT)
                .with(GeneEmbeddings.RANDOM);
        RunSettings run = new RunSettings(memory, threads, Precision.BFLOAT16, 0, 0, 1, RunSettings.Existing.REFUSE);
        Path folder = Files.createTempDirectory("celllm-batch");
        try {
            PretrainResult result = new Pretrainer(cells, settings, run, Progress.SILENT).run(folder.resolve("model"));
            return new double[] {
                result.peakBytes(),
                StepBenchmark.fastest(folder.resolve("model").resolve("metrics.jsonl"))
            };
        } finally {
            SafeFiles.deleteTree(folder);
        }
    }

    private static double[] undivided(
            Preset preset, SyntheticCells cells, int size, ViewSettings settings, int steps, int threads) {
        NetworkConfig network = preset.config(10_000);
        CellBatch batch = cells.batch(0, size);
        CellViews views = new CellViews(settings, network, 1);
        long positions = 0;
        for (int cell = 0; cell < size; cell++) {
            positions += views.positions(batch, cell);
        }
        int each = (int) (positions / threads) + views.positions(batch, 0);
        ChunkPlan plan = new ChunkPlan(each, Integer.MAX_VALUE, threads);
        double fastest = Double.MAX_VALUE;
        ResidentMemory.resetPeak();
        try (CellLanguageModel model = CellLanguageModel.create(
                        network, new ModelOptions(0, true, Objectives.DEFAULT.pooling()), 1, Precision.BFLOAT16);
                PairScale scale = PairScale.of(Objectives.DEFAULT.contrast(), size, Precision.BFLOAT16);
                AdamW optimiser = new AdamW(model.trainable(), AdamW.Settings.DEFAULT);
                Workers workers = new Workers(threads);
                DivideAndConquer step = new DivideAndConquer(model, views, Objectives.DEFAULT, scale, 1, workers)) {
            step.freed().allow(Long.MAX_VALUE / 4, Long.MAX_VALUE / 4, Long.MAX_VALUE);
            for (int number = 0; number < steps; number++) {
                long start = System.nanoTime();
                optimiser.zeroGradients();
                step.step(batch, number, plan);
                optimiser.clip(1);
                optimiser.step(1e-4);
                fastest = Math.min(fastest, (System.nanoTime() - start) * 1e-9);
            }
        }
        return new double[] {ResidentMemory.peak().orElseThrow(), fastest};
    }
}
