package org.celllm.app.command;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import org.celllm.app.console.Console;
import org.celllm.app.report.Figures;
import org.celllm.data.InputException;
import org.celllm.data.files.SafeFiles;
import org.celllm.tasks.annotate.LabelledCells;
import org.celllm.tasks.embed.CellEmbedder;
import org.celllm.tasks.embed.CellFile;
import org.celllm.tasks.embed.EmbedSettings;
import org.celllm.tasks.evaluate.AnnotationEvaluation;
import org.celllm.tasks.evaluate.AnnotationProtocol;
import org.celllm.tasks.evaluate.EvaluationData;
import org.celllm.tasks.evaluate.Methods;
import org.celllm.tasks.evaluate.NovelTypeEvaluation;
import org.celllm.tasks.evaluate.NovelTypes;
import org.celllm.tasks.evaluate.SplitFile;
import org.celllm.tasks.evaluate.Splits;
import org.celllm.tasks.evaluate.TwoFiles;
import org.celllm.tasks.labels.CellLabels;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code celllm evaluate annotation}: cross-validation, few labels, one group left out at a time, or another file. */
@Command(
        name = "annotation",
        mixinStandardHelpOptions = true,
        description =
                "Scores annotation by k folds over seeds, by a few cells a class, leaving one group out, or on another file. Writes"
                        + " evaluation.json and splits.tsv into --out.",
        footer = {
            "",
            "Example:  celllm evaluate annotation model labelled.h5ad --label cell_type --out evaluation",
            "Few labels:  ... --few-shot 5 --draws 10",
            "New donors:  ... --leave-out donor",
            "New types:  ... --hold-out-types",
            "Another file:  ... --test other.h5ad --rename \"CD4 T cell=CD4 T\""
        })
final class EvaluateAnnotationCommand implements Callable<Integer> {
    /** Share of the cells of known types that --hold-out-types tests on. */
    private static final double KNOWN_SHARE = 0.2;

    /** Share of the labels that --test learns from at a time. */
    private static final double LEARNED_SHARE = 0.8;

    private final Console console;

    @Parameters(index = "0", paramLabel = "MODEL", description = "The model's folder.")
    Path model;

    private static final int USUAL_FOLDS = 5;

    @Parameters(index = "1", paramLabel = "FILE", description = "The labelled cells.")
    Path file;

    @Option(names = "--label", required = true, paramLabel = "COLUMN", description = "Column of obs with the labels.")
    String label;

    @Mixin
    OutputOption out;

    @Option(names = "--folds", paramLabel = "K", description = "Folds (default: " + USUAL_FOLDS + ").")
    @Nullable
    Integer folds;

    @Option(
            names = "--seeds",
            paramLabel = "N",
            defaultValue = "5",
            description = "Times the cells are folded anew (default: ${DEFAULT-VALUE}).")
    int seeds;

    @Option(names = "--few-shot", paramLabel = "N", description = "Instead of folds: N labelled cells a class.")
    @Nullable
    Integer fewShot;

    @Option(
            names = "--draws",
            paramLabel = "N",
            defaultValue = "10",
            description = "Draws of --few-shot (default: ${DEFAULT-VALUE}).")
    int draws;

    @Option(names = "--leave-out", paramLabel = "COLUMN", description = "Instead of folds: one group at a time.")
    @Nullable
    String leaveOut;

    @Option(
            names = "--hold-out-types",
            description =
                    "Instead of folds: each type in turn is left out of training, and scored is whether its cells are"
                            + " told from those of known types by how sure the annotator is.")
    boolean holdOutTypes;

    @Option(
            names = "--probe",
            description = "Score the embedding by itself, by logistic regression and nearest neighbours, instead of the"
                    + " annotator's head.")
    boolean probe;

    @Option(
            names = "--most-cells",
            paramLabel = "N",
            defaultValue = "50000",
            description = "Cells used at most, a stratified sample beyond (default: ${DEFAULT-VALUE}).")
    int mostCells;

    @Option(
            names = "--seed",
            paramLabel = "N",
            defaultValue = "1",
            description = "Seed of draws and components (default: ${DEFAULT-VALUE}).")
    long seed;

    @Mixin
    TestFileOptions other;

    @Mixin
    EmbeddingOptions embedding;

    @Mixin
    JsonOption json;

    EvaluateAnnotationCommand(Console console) {
        this.console = console;
    }

    @Override
    public Integer call() throws Exception {
        requireOneProtocol();
        Path target = out.freeFolder(FolderKind.EVALUATION);
        EmbedSettings embed = embedding.settings();
        Path test = other.file;
        if (test != null) {
            TestFileOptions.requireOther(file, test);
            other.renamed();
            acrossFiles(target, test, embed);
            return 0;
        }
        other.checkAlone();
        LabelledCells cells;
        AnnotationProtocol protocol;
        NovelTypes novel = null;
        try (CellEmbedder embedder = CellEmbedder.open(model, embed);
                CellFile opened = CellFile.open(file, embed.values(), embed.identity())) {
            if (leaveOut != null) {
                // A column that is not there is told before the cells are embedded.
                CellLabels.texts(file, opened.cells(), leaveOut);
            }
            cells = LabelledCells.read(embedder, opened, label, mostCells, seed, console.progress());
            if (holdOutTypes) {
                CellLabels labels = cells.labels();
                novel = Checked.option("--hold-out-types, --seeds", () -> NovelTypes.of(labels, KNOWN_SHARE, seeds));
                protocol = novel.protocol();
            } else {
                protocol = protocol(opened, cells);
            }
        }
        EvaluationData data = EvaluationData.of(cells, seed);
        ObjectNode figures;
        if (novel != null) {
            NovelTypeEvaluation evaluation = novel.run(data, Methods.forNovelTypes(), console.progress());
            EmbedCommand.show(console, cells.reading());
            NovelTypeTables.show(console, evaluation);
            figures = evaluation.toJson();
        } else {
            AnnotationEvaluation evaluation = protocol.run(
                    data, probe ? Methods.probes() : Methods.withAblation(fewShot != null), console.progress());
            EmbedCommand.show(console, cells.reading());
            ScoreTables.show(console, evaluation);
            ClassNotes.small(console, cells.labels(), fewShot);
            figures = evaluation.toJson();
        }
        write(target, cells, protocol, cells.names(), figures);
        console.line("evaluation: " + target);
        return 0;
    }

    /** Refuses options of which one would be passed over without a word. */
    private void requireOneProtocol() {
        Map<String, Boolean> given = new LinkedHashMap<>();
        given.put("--test", other.file != null);
        given.put("--hold-out-types", holdOutTypes);
        given.put("--leave-out", leaveOut != null);
        given.put("--few-shot", fewShot != null);
        given.put("--folds", folds != null);
        given.put("--probe", probe);
        given.values().removeIf(asked -> !asked);
        List<String> asked = List.copyOf(given.keySet());
        List<List<String>> together = List.of(
                List.of("--test", "--few-shot"),
                List.of("--leave-out", "--probe"),
                List.of("--few-shot", "--probe"),
                List.of("--folds", "--probe"));
        if (asked.size() > 1 && !together.contains(asked)) {
            throw InputException.about(asked.get(0))
                    .found("is given with " + asked.get(1))
                    .expected("one of the two")
                    .build();
        }
    }

    /** Learns from one file and tests on another. */
    private void acrossFiles(Path target, Path test, EmbedSettings embed) throws IOException {
        LabelledCells cells;
        LabelledCells tested;
        CellLabels theirs;
        try (CellEmbedder embedder = CellEmbedder.open(model, embed);
                CellFile first = CellFile.open(file, embed.values(), embed.identity());
                CellFile second = CellFile.open(test, embed.values(), embed.identity())) {
            // Both files' labels before the work begins.
            CellLabels own = other.renamed(CellLabels.read(file, first.cells(), label));
            theirs = other.theirs(test, second, label);
            CellLabels shared = other.shared(test, theirs, own);
            cells = LabelledCells.read(embedder, first, own, null, mostCells, seed, console.progress());
            tested = LabelledCells.read(embedder, second, shared, cells.genes(), mostCells, seed, console.progress());
        }
        TwoFiles both = TwoFiles.of(cells, tested, seed);
        CellLabels own = both.own();
        Integer perClass = fewShot;
        AnnotationProtocol protocol = Checked.option(
                "--seeds, --few-shot, --draws",
                () -> perClass == null
                        ? both.draws(
                                "80% of the labels",
                                seeds, draw -> Splits.holdOut(own.codes(), own.classes(), 1 - LEARNED_SHARE, draw))
                        : both.draws(
                                perClass + " cells a class",
                                draws,
                                draw -> Splits.fewShot(own.codes(), own.classes(), perClass, seed, draw)));
        AnnotationEvaluation evaluation =
                protocol.run(both.data(), Methods.acrossFiles(both, seed), console.progress());
        EmbedCommand.show(console, tested.reading());
        ScoreTables.show(console, evaluation);
        console.line("note: " + test.getFileName() + " has "
                + Figures.whole(tested.measured().cardinality()) + " of the "
                + Figures.whole(cells.genes().size()) + " genes of " + file.getFileName());
        int left = theirs.labelled() - theirs.over(own.names()).labelled();
        if (left > 0) {
            console.line("note: " + test.getFileName() + " has " + Figures.counted(left, "cell") + " that "
                    + file.getFileName() + " has no label for, which are not scored: "
                    + String.join(", ", TestFileOptions.unknown(theirs, own)));
        }
        ObjectNode figures = evaluation.toJson();
        figures.put("test", test.toString());
        figures.put("genesOfBoth", tested.measured().cardinality());
        other.renamed().forEach(figures.putObject("renamed")::put);
        write(target, cells, protocol, both.data().cellNames(), figures);
        console.line("evaluation: " + target);
    }

    private AnnotationProtocol protocol(CellFile opened, LabelledCells cells) {
        CellLabels labels = cells.labels();
        String column = leaveOut;
        if (column != null) {
            if (cells.left() > 0) {
                throw InputException.about("--leave-out")
                        .found("needs all cells, of which --most-cells leaves " + cells.left() + " out")
                        .remedy("Raise --most-cells")
                        .build();
            }
            List<@Nullable String> groups = CellLabels.texts(file, opened.cells(), column);
            ClassNotes.lonely(console, labels, groups);
            return Checked.option("--leave-out " + column, () -> AnnotationProtocol.groups(labels, groups, column));
        }
        Integer perClass = fewShot;
        return Checked.option(
                "--folds, --seeds, --few-shot, --draws",
                () -> perClass == null
                        ? AnnotationProtocol.folds(labels, folds == null ? USUAL_FOLDS : folds, seeds)
                        : AnnotationProtocol.fewShot(labels, perClass, draws, seed));
    }

    /**
     * @param names of the cells that splits are of
     */
    private void write(
            Path target, LabelledCells cells, AnnotationProtocol protocol, List<String> names, ObjectNode figures)
            throws IOException {
        SafeFiles.folder(target, folder -> {
            String hash = SplitFile.write(folder.resolve("splits.tsv"), protocol, names);
            figures.put("model", model.toString())
                    .put("file", file.toString())
                    .put("label", label)
                    .put("pool", cells.reading().pooling().word())
                    .put("seed", seed)
                    .put("splitsSha256", hash)
                    .put("values", cells.reading().choice().state().word())
                    .put("genes", cells.reading().mapping().summary());
            SafeFiles.text(
                    folder.resolve("evaluation.json"),
                    new ObjectMapper().writerWithDefaultPrettyPrinter().writeValueAsString(figures) + "\n");
        });
        json.write(figures);
    }
}
