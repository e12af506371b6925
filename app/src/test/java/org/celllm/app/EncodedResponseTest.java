package org.celllm.app;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.jhdf.HdfFile;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Stream;
import org.celllm.data.random.KeyedRandom;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Responses of lines whose whole profiles go through a cell language model, through the command line alone. */
class EncodedResponseTest {
    private static final int LINES = 60;
    private static final int MEASURED = 45;
    private static final int DRUGS = 12;

    @TempDir
    static Path folder;

    private static final int[] TYPES = new int[LINES];

    private static Path profiles;
    private static Path model;
    private static Path expression;
    private static Path responses;

    @BeforeAll
    static void train() throws IOException {
        profiles = folder.resolve("profiles.h5ad");
        model = folder.resolve("model");
        Path corpus = folder.resolve("corpus");
        run("simulate", "--cells", LINES, "--genes", 200, "--out", profiles);
        run("corpus", "build", profiles, "--out", corpus);
        run("pretrain", corpus, "--steps", 1, "--batch", 8, "--out", model);
        KeyedRandom random = KeyedRandom.of(4);
        StringBuilder lines = new StringBuilder("line,X1,X2\n");
        StringBuilder pairs = new StringBuilder("drug,line,ln_IC50\n");
        String[] names = names();
        for (int line = 0; line < LINES; line++) {
            // The table says nothing; what a line responds to is its type, which the profile tells.
            lines.append(names[line] + "," + random.nextGaussian() + "," + random.nextGaussian() + "\n");
            for (int d = 0; d < DRUGS && line < MEASURED; d++) {
                double value = d + TYPES[line] % 2 * (d % 3) + 0.1 * random.nextGaussian();
                pairs.append("D" + d + "," + names[line] + "," + value + "\n");
            }
        }
        expression = Files.writeString(folder.resolve("expression.csv"), lines);
        responses = Files.writeString(folder.resolve("responses.csv"), pairs);
    }

    private static String[] names() {
        try (HdfFile file = new HdfFile(profiles)) {
            byte[] codes =
                    (byte[]) file.getDatasetByPath("/obs/cell_type/codes").getData();
            for (int line = 0; line < LINES; line++) {
                TYPES[line] = codes[line];
            }
            String index =
                    (String) file.getByPath("/obs").getAttribute("_index").getData();
            return (String[]) file.getDatasetByPath("/obs/" + index).getData();
        }
    }

    @Test
    void theEncoderGoesWithTheModelAndReadsProfilesAsItDidForTheFit() throws IOException {
        Path fitted = folder.resolve("fitted");
        CommandLineRun fit =
                run(withEncoder(List.of("response", "fit"), "--values", "counts", "--pool", "mean", "--out", fitted));
        assertThat(fit.out()).contains("45 lines and 12 drugs");
        JsonNode card = new ObjectMapper()
                .readTree(fitted.resolve("response.json").toFile())
                .path("card");
        assertThat(card.path("pool").asText()).isEqualTo("mean");
        assertThat(card.path("values").asText()).isEqualTo("counts");
        assertThat(fitted.resolve("model/model.safetensors"))
                .hasSameBinaryContentAs(model.resolve("model.safetensors"));

        Path asFitted = predicted(fitted, "as-fitted.csv");
        Path named = predicted(fitted, "named.csv", "--pool", "mean", "--values", "counts");
        Path other = predicted(fitted, "other.csv", "--pool", "cls");
        assertThat(asFitted).hasSameBinaryContentAs(named);
        assertThat(Files.readString(asFitted))
                .as("another vector is another input")
                .isNotEqualTo(Files.readString(other));

        CommandLineRun without = CommandLineRun.of(
                "response", "predict", fitted, "--expression", expression, "--out", folder.resolve("refused.csv"));
        assertThat(without.code())
                .as("the table's genes are none of the encoder's")
                .isEqualTo(2);
    }

    private static Path predicted(Path fitted, String name, Object... options) {
        Path out = folder.resolve(name);
        run(joined(
                List.of(
                        "response",
                        "predict",
                        fitted,
                        "--expression",
                        expression,
                        "--profiles",
                        profiles,
                        "--out",
                        out),
                options));
        return out;
    }

    @Test
    void whatTheEncoderAddsIsShown() throws IOException {
        Path out = folder.resolve("scores");
        CommandLineRun run =
                run(withEncoder(List.of("evaluate", "response"), "--split", "lines", "--seeds", 1, "--out", out));
        assertThat(run.out()).contains("CellLM response", "CellLM response without the encoder", "drug + line");
        JsonNode figures =
                new ObjectMapper().readTree(out.resolve("evaluation.json").toFile());
        assertThat(figures.path("model").asText()).isEqualTo(model.toString());
        CommandLineRun refused = CommandLineRun.of(joined(
                List.of("evaluate", "response"), tables("--profiles", profiles, "--out", folder.resolve("none"))));
        assertThat(refused.code()).isEqualTo(2);
        assertThat(refused.err()).contains("--profiles", "--model");
    }

    /** A verb on the tables and what goes through the encoder. */
    private static Object[] withEncoder(List<Object> verb, Object... options) {
        return joined(joined(verb, tables("--model", model, "--profiles", profiles)), options);
    }

    private static Object[] tables(Object... options) {
        return joined(List.of("--responses", responses, "--expression", expression), options);
    }

    private static Object[] joined(List<Object> first, Object... then) {
        return joined(first.toArray(), then);
    }

    private static Object[] joined(Object[] first, Object... then) {
        return Stream.concat(Arrays.stream(first), Arrays.stream(then)).toArray();
    }

    private static CommandLineRun run(Object... arguments) {
        CommandLineRun run = CommandLineRun.of(arguments);
        assertThat(run.code()).as(run.err()).isZero();
        return run;
    }
}
