package org.celllm.app.command;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.Callable;
import org.celllm.app.console.Console;
import org.celllm.app.report.Figures;
import org.celllm.data.InputException;
import org.celllm.tasks.drug.DrugColumns;
import org.celllm.tasks.drug.DrugTable;
import org.celllm.tasks.drug.Molecule;
import org.celllm.tasks.response.LineTables;
import org.celllm.tasks.response.model.ResponseModel;
import org.celllm.tasks.response.model.ResponseModelFolder;
import org.celllm.tasks.response.model.ResponsePredictions;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code celllm response predict}: responses of lines to drugs, seen or unseen. */
@Command(
        name = "predict",
        mixinStandardHelpOptions = true,
        description = {
            "Predicts ln IC50 of every line with every drug and writes a csv: line, drug, ln_IC50, IC50_uM, which of the two"
                    + " the model was fitted on, and the error to expect (root mean square, in ln IC50).",
            "Lines and drugs are known again by their names."
        },
        footer = {
            "",
            "Example:  celllm response predict drugs --expression new_lines.csv --out predicted.csv",
            "New drugs:  ... --drugs new_smiles.csv"
        })
final class ResponsePredictCommand implements Callable<Integer> {
    /** Where a response model keeps its cell language model. */
    static final String ENCODER = "model";

    private final Console console;

    @Parameters(index = "0", paramLabel = "RESPONSE-MODEL", description = "A folder that response fit made.")
    Path folder;

    @Mixin
    LineTablesOptions tables;

    @Option(
            names = "--profiles",
            paramLabel = "FILE",
            description = "What the model's encoder reads, as for fit (default: the table of --expression).")
    @Nullable
    Path profiles;

    @Option(
            names = "--drugs",
            paramLabel = "FILE",
            description = "Names and SMILES of the drugs (default: those that the model was fitted on).")
    @Nullable
    Path drugs;

    @Mixin
    OutputOption out;

    @Mixin
    EmbeddingOptions embedding;

    @Mixin
    JsonOption json;

    ResponsePredictCommand(Console console) {
        this.console = console;
    }

    @Override
    public Integer call() throws Exception {
        Path target = out.freeFile();
        ResponseModelFolder.Stored stored = ResponseModelFolder.read(folder);
        try (ResponseModel model = stored.model()) {
            LineTables lines = lines(model, stored.card());
            Path table = drugs;
            List<Molecule> asked = table == null
                    ? null
                    : DrugTable.read(table, DrugColumns.USUAL).molecules();
            ResponsePredictions predictions = Checked.option(
                    "--expression, --mutation, --copy-number, --drugs",
                    () -> ResponsePredictions.of(model, model.query(lines, asked)));
            predictions.write(target);
            show(predictions);
            console.line("responses: " + target);
            json.write(JsonNodeFactory.instance
                    .objectNode()
                    .put("file", target.toString())
                    .put("lines", predictions.lines())
                    .put("knownLines", predictions.knownLines())
                    .put("drugs", predictions.drugs())
                    .put("knownDrugs", predictions.knownDrugs())
                    .put("missingColumns", predictions.missingColumns()));
        }
        return 0;
    }

    private LineTables lines(ResponseModel model, JsonNode card) throws IOException {
        boolean encoded = model.kinds().contains(LineTables.Kind.ENCODED);
        if (encoded != Files.isDirectory(folder.resolve(ENCODER))) {
            throw InputException.about(folder)
                    .found(encoded ? "lacks the cell language model that it was fitted with" : "has a model too many")
                    .remedy("Fit it again")
                    .build();
        }
        if (!encoded && profiles != null) {
            throw InputException.about("--profiles")
                    .found("is given for a model that was fitted without an encoder")
                    .build();
        }
        LineEncoderOptions encoder = new LineEncoderOptions();
        encoder.model = encoded ? folder.resolve(ENCODER) : null;
        encoder.profiles = profiles;
        encoder.embedding = embedding;
        encoder.asDescribed(card);
        LineTables read = tables.read(encoder.encode(tables.expression, console));
        List<String> common = read.expression().names().stream()
                .filter(read.common()::contains)
                .toList();
        if (common.isEmpty()) {
            throw InputException.about(tables.expression)
                    .found("shares no line with the other tables")
                    .expected("the same names in all of them")
                    .build();
        }
        if (common.size() < read.expression().names().size()) {
            console.line("note: left out, as not in every table: "
                    + Figures.counted(read.expression().names().size() - common.size(), "line")
                    + " of --expression");
        }
        return read.of(common);
    }

    private void show(ResponsePredictions predictions) {
        console.line(Figures.counted(predictions.lines(), "line") + ", " + Figures.whole(predictions.knownLines())
                + " of them known to the model; " + Figures.counted(predictions.drugs(), "drug") + ", "
                + Figures.whole(predictions.knownDrugs()) + " known");
        if (predictions.missingColumns() > 0) {
            console.line("note: " + Figures.whole(predictions.missingColumns())
                    + " columns that the model was fitted on are missing from these tables and count as average");
        }
    }
}
