package org.celllm.app.command;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import org.celllm.app.console.Console;
import org.celllm.data.InputException;
import org.celllm.data.files.SafeFiles;
import org.celllm.tasks.annotate.AnnotatorSettings;
import org.celllm.tasks.annotate.LabelledCells;
import org.celllm.tasks.baselines.GradientBoostedTrees;
import org.celllm.tasks.embed.CellFile;
import org.celllm.tasks.embed.EmbedSettings;
import org.celllm.tasks.evaluate.AnnotationEvaluation;
import org.celllm.tasks.evaluate.AnnotationProtocol;
import org.celllm.tasks.evaluate.EvaluationData;
import org.celllm.tasks.evaluate.Split;
import org.celllm.tasks.evaluate.SplitFile;
import org.celllm.tasks.evaluate.Trial;
import org.celllm.tasks.evaluate.TwoFiles;
import org.celllm.tasks.labels.CellLabels;
import org.celllm.tasks.sensitivity.LabelBudget;
import org.celllm.tasks.sensitivity.SensitivityFit;
import org.celllm.tasks.sensitivity.SensitivityMethods;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code celllm evaluate sensitivity}: few labels, a group left out, or one file and then another. */
@Command(
        name = "sensitivity",
        mixinStandardHelpOptions = true,
        description =
                "Scores predictions of drug sensitivity from few labelled cells, for a group of cells left out or for"
                        + " another file, beside the baselines. Writes evaluation.json and splits.tsv into --out.",
        footer = {
            "",
            "Example:  celllm evaluate sensitivity model --data cells.h5ad --label response --sensitive yes --out scores",
            "By the cells' lines:  ... --line-column cell_line --responses ln_ic50.csv.gz --drug Erlotinib --threshold 1.5",
            "A line left out:  ... --leave-out cell_line",
            "Another technology:  ... --test other.h5ad --shots 5"
        })
final class EvaluateSensitivityCommand implements Callable<Integer> {
    private final Console console;

    @Parameters(index = "0", paramLabel = "MODEL", description = "The model's folder.")
    Path model;

    @Option(names = "--data", required = true, paramLabel = "FILE", description = "The labelled cells.")
    Path file;

    @Mixin
    SensitivityOptions labels;

    @Mixin
    OutputOption out;

    @Option(
            names = "--shots",
            split = ",",
            paramLabel = "N",
            description = "Labelled cells a class, several with commas (default: 1,5 unless another way is named).")
    List<Integer> shots = new ArrayList<>();

    @Option(
            names = "--fraction",
            split = ",",
            paramLabel = "F",
            description = "Share of the labels, such as 0.1, several with commas.")
    List<Double> fractions = new ArrayList<>();

    @Option(
            names = {"--draws", "--seeds"},
            paramLabel = "N",
            defaultValue = "20",
            description = "Draws of the labels, the same for all methods (default: ${DEFAULT-VALUE}).")
    int draws;

    @Option(names = "--leave-out", paramLabel = "COLUMN", description = "Test on one group of cells at a time.")
    @Nullable
    String leaveOut;

    @Option(names = "--test", paramLabel = "FILE", description = "Test on the cells of this file, learn from --data.")
    @Nullable
    Path test;

    @Option(
            names = "--seed",
            paramLabel = "N",
            defaultValue = "1",
            description = "Seed of draws and components (default: ${DEFAULT-VALUE}).")
    long seed;

    @Mixin
    EmbeddingOptions embedding;

    @Mixin
    JsonOption json;

    EvaluateSensitivityCommand(Console console) {
        this.console = console;
    }

    /** What is scored. */
    private record Setting(EvaluationData data, int visible, List<AnnotationProtocol> protocols) {}

    @Override
    public Integer call() throws Exception {
        Path target = out.freeFolder(FolderKind.EVALUATION);
        EmbedSettings embed = embedding.settings();
        if (draws < 1 || (leaveOut != null && test != null)) {
            throw InputException.about(draws < 1 ? "--draws " + draws : "--leave-out")
                    .found(draws < 1 ? "nothing would be scored" : "is given with --test")
                    .expected(draws < 1 ? "one at least" : "one of the two")
                    .build();
        }
        Path other = test;
        if (other != null) {
            TestFileOptions.requireOther(file, other);
        }
        lookFirst(embed);
        AnnotatorSettings settings =
                new AnnotatorSettings(embed, AnnotatorSettings.usual(seed).head(), 0.2, 1, Integer.MAX_VALUE);
        LabelledCells cells = SensitivityFit.read(model, file, labels::of, null, settings, console.progress());
        Setting setting = setting(cells, settings);
        EmbedCommand.show(console, cells.reading());
        SensitivityTables.showLabels(console, cells.labels());
        if (!GradientBoostedTrees.isAvailable()) {
            console.line("note: no gradient-boosted trees, as LightGBM cannot be loaded here; it needs libgomp");
        }
        SensitivityTables.noteValues(console, cells);
        List<AnnotationEvaluation> evaluations = new ArrayList<>();
        for (AnnotationProtocol protocol : setting.protocols()) {
            AnnotationEvaluation evaluation = protocol.run(
                    setting.data(),
                    SensitivityMethods.all(setting.visible(), !cells.valuesAreScaled()),
                    console.progress());
            SensitivityTables.show(console, evaluation);
            if (leaveOut != null) {
                SensitivityTables.showTrials(console, protocol, evaluation);
            }
            noteOneClass(protocol, setting.data().labels());
            evaluations.add(evaluation);
        }
        write(target, cells, setting, evaluations);
        console.line("evaluation: " + target);
        return 0;
    }

    /** What options ask of the files is looked at before their cells are embedded, which takes longest. */
    private void lookFirst(EmbedSettings embed) throws IOException {
        List<LabelBudget> budgets = Checked.option("--shots, --fraction", this::budgets);
        String column = leaveOut;
        Path other = test;
        try (CellFile opened = CellFile.open(file, embed.values(), embed.identity())) {
            CellLabels own = labels.of(file, opened.cells());
            if (column != null) {
                List<@Nullable String> groups = CellLabels.texts(file, opened.cells(), column);
                Checked.option("--leave-out " + column, () -> AnnotationProtocol.groups(own, groups, column));
            }
            Checked.option(
                    "--shots, --fraction",
                    () -> budgets.stream()
                            .map(budget -> budget.draw(own, seed, 0))
                            .toList());
        }
        if (other != null) {
            try (CellFile opened = CellFile.open(other, embed.values(), embed.identity())) {
                labels.of(other, opened.cells());
            }
        }
    }

    private Setting setting(LabelledCells cells, AnnotatorSettings settings) throws IOException {
        String column = leaveOut;
        Path other = test;
        List<LabelBudget> budgets = Checked.option("--shots, --fraction", this::budgets);
        if (other != null) {
            LabelledCells tested =
                    SensitivityFit.read(model, other, labels::of, cells.genes(), settings, console.progress());
            TwoFiles both = TwoFiles.of(cells, tested, seed);
            List<AnnotationProtocol> protocols = budgets.isEmpty()
                    ? List.of(both.all())
                    : Checked.option(
                            "--shots, --fraction",
                            () -> budgets.stream()
                                    .map(budget -> budget.protocol(both, draws, seed))
                                    .toList());
            return new Setting(both.data(), both.first(), protocols);
        }
        EvaluationData data = EvaluationData.of(cells, seed);
        int visible = cells.names().size();
        List<AnnotationProtocol> protocols = new ArrayList<>();
        if (column != null) {
            try (CellFile opened = CellFile.open(
                    file, settings.embed().values(), settings.embed().identity())) {
                List<@Nullable String> groups = CellLabels.texts(file, opened.cells(), column);
                protocols.add(Checked.option(
                        "--leave-out " + column, () -> AnnotationProtocol.groups(cells.labels(), groups, column)));
            }
        }
        List<LabelBudget> drawn =
                budgets.isEmpty() && column == null ? List.of(LabelBudget.cells(1), LabelBudget.cells(5)) : budgets;
        Checked.option(
                "--shots, --fraction",
                () -> protocols.addAll(drawn.stream()
                        .map(budget -> budget.protocol(cells.labels(), draws, seed))
                        .toList()));
        return new Setting(data, visible, protocols);
    }

    private List<LabelBudget> budgets() {
        List<LabelBudget> budgets = new ArrayList<>();
        shots.forEach(cells -> budgets.add(LabelBudget.cells(cells)));
        fractions.forEach(share -> budgets.add(LabelBudget.share(share)));
        return budgets;
    }

    /** Says where a method had nothing to learn from, so that its score tells nothing. */
    private void noteOneClass(AnnotationProtocol protocol, CellLabels known) {
        for (Trial trial : protocol.trials()) {
            for (Split split : trial.splits()) {
                int[] training = known.codesOf(split.train());
                int first = training[0];
                if (java.util.Arrays.stream(training).allMatch(code -> code == first)) {
                    console.line("note: " + split.name() + ", every training cell is "
                            + known.names().get(first) + ": no method can learn what the other class looks like");
                }
            }
        }
    }

    private void write(Path target, LabelledCells cells, Setting setting, List<AnnotationEvaluation> evaluations)
            throws IOException {
        ObjectNode figures = JsonNodeFactory.instance.objectNode();
        figures.put("model", model.toString()).put("file", file.toString());
        if (test != null) {
            figures.put("test", test.toString());
        }
        labels.describe(figures);
        figures.put("pool", cells.reading().pooling().word())
                .put("seed", seed)
                .put("values", cells.reading().choice().state().word())
                .put("genes", cells.reading().mapping().summary());
        ArrayNode all = figures.putArray("evaluations");
        evaluations.forEach(evaluation -> all.add(evaluation.toJson()));
        AnnotationProtocol together = new AnnotationProtocol(
                "all",
                setting.protocols().stream()
                        .flatMap(protocol -> protocol.trials().stream())
                        .toList());
        SafeFiles.folder(target, folder -> {
            String hash = SplitFile.write(
                    folder.resolve("splits.tsv"), together, setting.data().cellNames());
            figures.put("splitsSha256", hash);
            SafeFiles.text(
                    folder.resolve("evaluation.json"),
                    new ObjectMapper().writerWithDefaultPrettyPrinter().writeValueAsString(figures) + "\n");
        });
        console.line("splits: SHA-256 " + figures.path("splitsSha256").asText());
        json.write(figures);
    }
}
