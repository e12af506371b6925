package org.celllm.bench;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import org.celllm.data.files.SafeFiles;
import org.celllm.data.progress.Progress;
import org.celllm.network.Preset;
import org.celllm.network.runtime.Precision;
import org.celllm.training.PretrainPlan;
import org.celllm.training.PretrainResult;
import org.celllm.training.PretrainSettings;
import org.celllm.training.Pretrainer;
import org.celllm.training.RunSettings;
import org.celllm.training.RunSettings.Existing;
import org.celllm.training.genes.GeneEmbeddings;
import org.celllm.training.memory.Bytes;
import org.celllm.training.objective.Objectives;
import org.celllm.training.views.ViewSettings;

/**
 * What a training step takes: time, and the highest resident memory of the process. One configuration a process, since
 * a process does not give all its memory back:
 *
 * <pre>StepBenchmark PRESET BATCH MEMORY SHORTEST LONGEST [STEPS] [HIDE] [PRECISION] [THREADS]</pre>
 *
 * <p>In place of SHORTEST a file of lengths may stand, as {@link CellLengths} prints it.
 */
public final class StepBenchmark {
    /** Of the published network, and of the same step in Python. */
    private static final int GENES = 19_379;

    private StepBenchmark() {}

    /** Runs one configuration and prints one line. */
    public static void main(String[] args) throws IOException {
        Preset preset = Preset.of(args[0]);
        int batch = Integer.parseInt(args[1]);
        long memory = Bytes.parse("MEMORY", args[2]);
        int steps = args.length > 5 ? Integer.parseInt(args[5]) : 3;
        double hide = args.length > 6 ? Double.parseDouble(args[6]) : 0.6;
        Precision precision = args.length > 7 ? Precision.of(args[7]) : Precision.FLOAT32;
        PretrainSettings settings = PretrainSettings.of(preset)
                .with(batch, steps, 1)
                .with(new ViewSettings(hide, 1, 0.15, 0.9, 0), Objectives.DEFAULT)
                .with(GeneEmbeddings.RANDOM);
        int threads = args.length > 8 ? Integer.parseInt(args[8]) : 2;
        RunSettings run = new RunSettings(memory, threads, precision, 0, 0, 1, Existing.REFUSE);
        Path folder = Files.createTempDirectory("celllm-step");
        try (SyntheticCells cells = SyntheticCells.of(1 << 20, GENES, args[3], args[4])) {
            PretrainResult result = new Pretrainer(cells, settings, run, Progress.SILENT).run(folder.resolve("model"));
            PretrainPlan plan = result.plan();
            double seconds = fastest(folder.resolve("model").resolve("metrics.jsonl"));
            System.out.printf(
                    Locale.ROOT,
                    "%s %s %d threads, batch %d, %s–%s genes, budget %s: peak %s, %.2f s/step, %.0f cells/s, %.0f positions/s,"
                            + " %d chunks of at most %d positions, %d run twice, %.0f bytes/position, waited %.1f%% for data%n",
                    preset.word(),
                    precision.word(),
                    threads,
                    batch,
                    args[3],
                    args[4],
                    Bytes.of(memory),
                    Bytes.of(result.peakBytes()),
                    seconds,
                    batch / seconds,
                    result.last().positions() / seconds,
                    result.last().chunks(),
                    plan.chunkPositions(),
                    result.last().rerun(),
                    plan.bytesPerPosition(),
                    100 * waited(folder.resolve("model").resolve("metrics.jsonl")));
        } finally {
            SafeFiles.deleteTree(folder);
        }
    }

    /** Seconds of the fastest step, as benchmarks of other programs count. */
    static double fastest(Path metrics) throws IOException {
        return steps(metrics).stream()
                .mapToDouble(step -> step.path("seconds").asDouble())
                .min()
                .orElse(Double.NaN);
    }

    /** Share of the time of the steps behind the first in which they waited for data. */
    private static double waited(Path metrics) throws IOException {
        List<JsonNode> later = steps(metrics).stream().skip(1).toList();
        double all = later.stream()
                .mapToDouble(step -> step.path("seconds").asDouble())
                .sum();
        return later.stream()
                        .mapToDouble(step -> step.path("waited_seconds").asDouble())
                        .sum()
                / all;
    }

    private static List<JsonNode> steps(Path metrics) throws IOException {
        ObjectMapper json = new ObjectMapper();
        List<JsonNode> steps = new ArrayList<>();
        for (String line : Files.readAllLines(metrics)) {
            JsonNode entry = json.readTree(line);
            if (entry.path("kind").asText().equals("train")) {
                steps.add(entry);
            }
        }
        return steps;
    }
}
