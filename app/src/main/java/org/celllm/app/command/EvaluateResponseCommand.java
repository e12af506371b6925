package org.celllm.app.command;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.Callable;
import org.celllm.app.console.Console;
import org.celllm.data.InputException;
import org.celllm.data.files.SafeFiles;
import org.celllm.network.runtime.Workers;
import org.celllm.tasks.response.ResponseData;
import org.celllm.tasks.response.ResponseEvaluation;
import org.celllm.tasks.response.ResponseMethod;
import org.celllm.tasks.response.ResponseMethods;
import org.celllm.tasks.response.ResponseProtocol;
import org.celllm.tasks.response.ResponseSplitFile;
import org.celllm.tasks.response.SplitKind;
import org.celllm.tasks.response.model.ResponseModelMethods;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** {@code celllm evaluate response}: how well responses of cell lines to drugs are predicted. */
@Command(
        name = "response",
        mixinStandardHelpOptions = true,
        description =
                "Scores predictions of ln IC50 for pairs at random, unseen cell lines, unseen drugs and both, by the"
                        + " baselines that a model is to be measured against. Writes evaluation.json and splits.tsv into --out.",
        footer = {
            "",
            "Example:  celllm evaluate response --responses ln_ic50.csv.gz --expression expression.csv.gz --out response",
            "Unseen lines only:  ... --split lines"
        })
final class EvaluateResponseCommand implements Callable<Integer> {
    private static final String ALL = "all";

    private final Console console;

    @Mixin
    ResponseOptions tables;

    @Mixin
    LineEncoderOptions encoder;

    @Mixin
    OutputOption out;

    @Option(
            names = "--split",
            paramLabel = "KIND",
            defaultValue = ALL,
            split = ",",
            description =
                    "What is unseen: random (the pair), lines, drugs, both, or all four one after the other; may be"
                            + " repeated (default: ${DEFAULT-VALUE}).")
    List<String> splits;

    @Option(
            names = "--seeds",
            paramLabel = "N",
            defaultValue = "5",
            description = "Times the pairs are divided anew (default: ${DEFAULT-VALUE}).")
    int seeds;

    @Option(names = "--only-baselines", description = "Leave the model out: seconds instead of minutes.")
    boolean onlyBaselines;

    @Mixin
    JsonOption json;

    EvaluateResponseCommand(Console console) {
        this.console = console;
    }

    @Override
    public Integer call() throws Exception {
        Path target = out.freeFolder(FolderKind.EVALUATION);
        encoder.embedding.compute.checkedPrecision();
        Set<SplitKind> kinds = kinds();
        ResponseData data = tables.read(encoder.encode(tables.lines.expression, console));
        List<ResponseProtocol> protocols = Checked.option(
                "--split, --seeds",
                () -> kinds.stream()
                        .map(kind -> ResponseProtocol.of(data.responses(), kind, seeds))
                        .toList());
        ResponseTables.showData(console, data);
        List<ResponseEvaluation> evaluations = new ArrayList<>();
        try (Workers workers = new Workers(encoder.embedding.compute.threads.count())) {
            List<ResponseMethod> methods = new ArrayList<>();
            if (!onlyBaselines) {
                methods.addAll(ResponseModelMethods.of(data, workers));
            }
            methods.addAll(ResponseMethods.baselines(data));
            for (ResponseProtocol protocol : protocols) {
                ResponseEvaluation evaluation = protocol.run(data, methods, console.progress());
                ResponseTables.show(console, evaluation);
                evaluations.add(evaluation);
            }
        }
        write(target, data, protocols, evaluations);
        console.line("evaluation: " + target);
        return 0;
    }

    private Set<SplitKind> kinds() {
        EnumSet<SplitKind> kinds = EnumSet.noneOf(SplitKind.class);
        for (String word : splits) {
            if (word.equals(ALL)) {
                return EnumSet.allOf(SplitKind.class);
            }
            kinds.add(EnumSet.allOf(SplitKind.class).stream()
                    .filter(kind -> kind.word().equals(word))
                    .findFirst()
                    .orElseThrow(() -> InputException.about("--split")
                            .found("\"" + word + "\" is no kind of split")
                            .expected("random, lines, drugs, both or all")
                            .build()));
        }
        return kinds;
    }

    private void write(
            Path target, ResponseData data, List<ResponseProtocol> protocols, List<ResponseEvaluation> evaluations)
            throws IOException {
        ObjectNode figures = JsonNodeFactory.instance.objectNode();
        figures.put("pairs", data.responses().pairs())
                .put("lines", data.responses().lines().size())
                .put("drugs", data.responses().drugs().size())
                .put("pairsWithoutFeatures", data.left().pairs());
        names(figures.putArray("linesWithoutFeatures"), data.left().lines());
        names(figures.putArray("drugsWithoutFeatures"), data.left().drugs());
        tables.describe(figures);
        encoder.describe(figures);
        ArrayNode splitNodes = figures.putArray("splits");
        evaluations.forEach(evaluation -> splitNodes.add(evaluation.toJson()));
        SafeFiles.folder(target, folder -> {
            String hash = ResponseSplitFile.write(
                    folder.resolve("splits.tsv"),
                    protocols.stream()
                            .flatMap(protocol -> protocol.splits().stream())
                            .toList(),
                    data.responses());
            figures.put("splitsSha256", hash);
            SafeFiles.text(
                    folder.resolve("evaluation.json"),
                    new ObjectMapper().writerWithDefaultPrettyPrinter().writeValueAsString(figures) + "\n");
        });
        json.write(figures);
    }

    private static void names(ArrayNode array, List<String> names) {
        names.forEach(array::add);
    }
}
