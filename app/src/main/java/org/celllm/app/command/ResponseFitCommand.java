package org.celllm.app.command;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.Callable;
import org.celllm.app.console.Console;
import org.celllm.app.report.Figures;
import org.celllm.data.files.SafeFiles;
import org.celllm.network.runtime.Workers;
import org.celllm.tasks.embed.ModelCopy;
import org.celllm.tasks.response.ResponseData;
import org.celllm.tasks.response.ResponseMeasure;
import org.celllm.tasks.response.ResponseScores;
import org.celllm.tasks.response.SplitKind;
import org.celllm.tasks.response.model.ResponseModelFolder;
import org.celllm.tasks.response.model.ResponseTraining;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** {@code celllm response fit}: from measured responses to a model of them. */
@Command(
        name = "fit",
        mixinStandardHelpOptions = true,
        description = {
            "Learns ln IC50 of cell lines and drugs from measured pairs, what is known of the lines, and the drugs'"
                    + " molecules. Sets pairs aside to say how well pairs, lines and drugs that it has not seen are predicted.",
            "With --model, the lines' expression goes through a cell language model as well."
        },
        footer = {
            "",
            "Example:  celllm response fit --responses ln_ic50.csv.gz --expression expression.csv.gz --drugs smiles.csv --out drugs",
            "With an encoder:  ... --model MODEL --profiles lines.h5ad"
        })
final class ResponseFitCommand implements Callable<Integer> {
    private final Console console;

    @Mixin
    ResponseOptions tables;

    @Mixin
    LineEncoderOptions encoder;

    @Mixin
    OutputOption out;

    @Option(
            names = "--seed",
            paramLabel = "N",
            defaultValue = "1",
            description = "Seed of what is set aside and of the networks (default: ${DEFAULT-VALUE}).")
    long seed;

    @Mixin
    JsonOption json;

    ResponseFitCommand(Console console) {
        this.console = console;
    }

    @Override
    public Integer call() throws Exception {
        Path target = out.freeFolder(FolderKind.RESPONSE);
        encoder.embedding.compute.checkedPrecision();
        ResponseData data = tables.read(encoder.encode(tables.lines.expression, console));
        ResponseTables.showData(console, data);
        ResponseTraining.Result[] result = new ResponseTraining.Result[1];
        try (Workers workers = new Workers(encoder.embedding.compute.threads.count())) {
            result[0] =
                    Checked.option("--responses", () -> ResponseTraining.fit(data, seed, workers, console.progress()));
        }
        ObjectNode card = card(data, result[0]);
        try (var model = result[0].model()) {
            SafeFiles.folder(target, folder -> {
                ResponseModelFolder.write(folder, model, card);
                Path encoding = encoder.model;
                if (encoding != null) {
                    ModelCopy.into(encoding, folder.resolve(ResponsePredictCommand.ENCODER));
                }
            });
        }
        show(result[0].scores());
        console.line("response model: " + target);
        json.write(card);
        return 0;
    }

    private ObjectNode card(ResponseData data, ResponseTraining.Result result) {
        ObjectNode card = JsonNodeFactory.instance.objectNode();
        card.put("pairs", data.responses().pairs())
                .put("lines", data.responses().lines().size())
                .put("drugs", data.responses().drugs().size())
                .put("pairsWithoutFeatures", data.left().pairs())
                .put("seed", seed);
        tables.describe(card);
        encoder.describe(card);
        card.set("heldOut", ResponseTraining.toJson(result.scores()));
        card.put(
                "limits",
                "Scores are of one tenth of the pairs, lines or drugs, set aside by one seed, in models with their own settings;"
                        + " the model itself is fitted on all pairs. `celllm evaluate response` scores more seeds and baselines."
                        + " Responses of lines and drugs unlike those it was fitted on are guesses.");
        return card;
    }

    private void show(Map<SplitKind, Map<String, ResponseScores>> scores) {
        console.heading("Held-out pairs, seed " + seed + "; within drugs: mean of Pearson over drugs");
        List<List<String>> rows = new ArrayList<>();
        scores.forEach((kind, methods) -> methods.forEach((method, values) -> rows.add(List.of(
                kind.description(),
                method,
                Figures.whole(values.pairs()),
                figure(values.of(ResponseMeasure.PEARSON)),
                figure(values.of(ResponseMeasure.RMSE)),
                figure(values.of(ResponseMeasure.WITHIN_DRUGS))))));
        console.table(List.of("held out", "method", "pairs", "Pearson", "RMSE", "within drugs"), rows);
        if (scores.values().stream()
                .flatMap(methods -> methods.values().stream())
                .anyMatch(ResponseScores::isOfFew)) {
            console.line("note: scores of so few pairs are chance for the most part, and so are the expected errors of"
                    + " predictions, which are taken from them");
        }
    }

    private static String figure(double value) {
        return Double.isFinite(value) ? String.format(Locale.ROOT, "%.3f", value) : "–";
    }
}
