package org.celllm.app.command;

import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.function.ToIntFunction;
import org.celllm.app.console.Console;
import org.celllm.app.console.Spans;
import org.celllm.data.InputException;
import org.celllm.data.files.SafeFiles;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/**
 * {@code celllm demo}: the whole way on simulated cells, each stage by the verb that a user would type, shown before it
 * runs.
 */
@Command(
        name = "demo",
        mixinStandardHelpOptions = true,
        description = "The whole way on cells it simulates: corpus, pre-training, embeddings, annotation, report.",
        footer = {
            "",
            "Takes a few minutes on two cores. The last line is the report's path.",
            "Example:  celllm demo --out my-demo --seed 7"
        })
final class DemoCommand implements Callable<Integer> {
    /** Cells of donors that the model never saw, beside the others: one for so many. */
    private static final int NEW_CELLS_SHARE = 4;

    /** Large enough for negatives of every type, small enough for a step a second. */
    private static final int BATCH = 128;

    private final Console console;
    private final ToIntFunction<List<String>> celllm;

    @Option(
            names = "--out",
            paramLabel = "DIR",
            defaultValue = "celllm-demo",
            description = "Where everything is written (default: ${DEFAULT-VALUE}).")
    Path out;

    @Option(names = "--force", description = "Replace what stands at --out.")
    boolean force;

    @Option(
            names = "--cells",
            paramLabel = "N",
            defaultValue = "2000",
            description = "Cells to simulate (default: ${DEFAULT-VALUE}).")
    int cells;

    @Option(
            names = "--steps",
            paramLabel = "N",
            defaultValue = "120",
            description = "Steps of pre-training (default: ${DEFAULT-VALUE}).")
    int steps;

    @Option(
            names = "--seed",
            paramLabel = "N",
            defaultValue = "1",
            description = "Decides everything random (default: ${DEFAULT-VALUE}).")
    long seed;

    @Mixin
    ThreadsOption threads;

    @Option(
            names = "--memory",
            paramLabel = "SIZE",
            converter = MemorySize.class,
            defaultValue = "4g",
            description = "Resident memory of the whole process (default: ${DEFAULT-VALUE}).")
    long memory;

    /**
     * @param celllm runs a verb with its arguments and returns its exit code
     */
    DemoCommand(Console console, ToIntFunction<List<String>> celllm) {
        this.console = console;
        this.celllm = celllm;
    }

    @Override
    public Integer call() throws Exception {
        if (cells < 200 || steps < 1) {
            throw InputException.about("--cells " + cells + " --steps " + steps)
                    .found("too small to learn from")
                    .expected("200 cells and 1 step at least")
                    .build();
        }
        SafeFiles.deleteTree(OutputOption.freeFolder(out, force, FolderKind.DEMO));
        Files.createDirectories(out);
        long started = System.nanoTime();
        for (List<String> stage : stages()) {
            console.heading("$ celllm " + String.join(" ", stage));
            int code = celllm.applyAsInt(stage);
            if (code != 0) {
                return code;
            }
        }
        console.line("");
        console.line("The demo took " + Spans.of(Duration.ofNanos(System.nanoTime() - started))
                + ". Open the report in a browser:");
        console.line(in("report.html"));
        return 0;
    }

    private List<List<String>> stages() {
        String number = Long.toString(seed);
        String newCells = Integer.toString(Math.max(100, cells / NEW_CELLS_SHARE));
        List<List<String>> stages = new ArrayList<>();
        stages.add(
                List.of("simulate", "--cells", Integer.toString(cells), "--seed", number, "--out", in("cells.h5ad")));
        stages.add(List.of(
                "simulate", "--cells", newCells, "--seed", Long.toString(seed + 1), "--out", in("new-donors.h5ad")));
        stages.add(List.of("corpus", "build", in("cells.h5ad"), "--disease-column", "disease", "--out", in("corpus")));
        stages.add(computing(
                "pretrain",
                in("corpus"),
                "--preset",
                "tiny",
                "--batch",
                Integer.toString(Math.min(BATCH, cells / 2)),
                "--steps",
                Integer.toString(steps),
                "--seed",
                number,
                "--out",
                in("model")));
        stages.add(computing("embed", in("model"), in("cells.h5ad"), "--out", in("embedded.h5ad")));
        stages.add(computing(
                "annotate",
                "fit",
                in("model"),
                in("cells.h5ad"),
                "--label",
                "cell_type",
                "--seed",
                number,
                "--out",
                in("annotator")));
        stages.add(computing(
                "annotate",
                "predict",
                in("annotator"),
                in("new-donors.h5ad"),
                "--out",
                in("new-donors-labelled.h5ad")));
        stages.add(List.of("report", in("annotator"), "--cells", in("embedded.h5ad"), "--out", in("report.html")));
        return stages;
    }

    private List<String> computing(String... words) {
        List<String> all = new ArrayList<>(List.of(words));
        all.addAll(List.of("--threads", Integer.toString(threads.count())));
        if (words[0].equals("pretrain")) {
            all.addAll(List.of("--memory", (memory >> 20) + "m"));
        }
        return all;
    }

    private String in(String name) {
        return out.resolve(name).toString();
    }
}
