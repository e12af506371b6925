package org.celllm.tasks.response.model;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.celllm.data.InputException;
import org.celllm.data.progress.Progress;
import org.celllm.network.runtime.Workers;
import org.celllm.tasks.response.LineTables;
import org.celllm.tasks.response.NamedFeatures;
import org.celllm.tasks.response.ResponseData;
import org.celllm.tasks.response.ResponseMeasure;
import org.celllm.tasks.response.ResponseScores;
import org.celllm.tasks.response.SimulatedResponses;
import org.celllm.tasks.response.SplitKind;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ResponseModelFolderTest {
    private static final ResponseData DATA = SimulatedResponses.of(60, 20, 5).data();

    @TempDir
    static Path folder;

    private static ResponseTraining.Result result;
    private static Path written;

    @BeforeAll
    static void fit() throws IOException {
        try (Workers workers = new Workers(2)) {
            result = ResponseTraining.fit(DATA, 1, workers, Progress.SILENT);
        }
        written = Files.createDirectory(folder.resolve("model"));
        ResponseModelFolder.write(
                written, result.model(), JsonNodeFactory.instance.objectNode().put("pairs", 7));
    }

    @AfterAll
    static void close() {
        result.model().close();
    }

    @Test
    void whatIsReadPredictsTheSameBits() throws IOException {
        ResponseModelFolder.Stored stored = ResponseModelFolder.read(written);
        try (ResponseModel model = stored.model()) {
            ResponseQuery query = ResponseQuery.of(DATA);
            assertThat(model.predict(query)).isDeepEqualTo(result.model().predict(query));
            assertThat(model.lines()).isEqualTo(result.model().lines());
            for (SplitKind kind : SplitKind.values()) {
                assertThat(model.expectedError(kind)).isEqualTo(result.model().expectedError(kind));
            }
            assertThat(stored.card().path("pairs").asInt()).isEqualTo(7);
        }
    }

    @Test
    void theCardsScoresAreOfPairsThatWereSetAside() {
        for (Map.Entry<SplitKind, Map<String, ResponseScores>> kind :
                result.scores().entrySet()) {
            ResponseScores model = kind.getValue().get(ResponseModelMethods.MODEL);
            assertThat(model).isNotNull();
            assertThat(model.of(ResponseMeasure.RMSE))
                    .as("more than the noise of 0.3: %s", kind.getKey())
                    .isGreaterThan(0.29);
        }
        for (SplitKind other : new SplitKind[] {SplitKind.LINES, SplitKind.DRUGS, SplitKind.BOTH}) {
            assertThat(of(SplitKind.RANDOM)).as("beside %s", other).isLessThan(of(other));
        }
    }

    private static double of(SplitKind kind) {
        return result.model().expectedError(kind);
    }

    @Test
    void linesItWasFittedOnArePredictedBetterThanTheyCouldBeByFeaturesAlone() {
        NamedFeatures known = DATA.lines().expression();
        List<String> others = known.names().stream().map(name -> "new " + name).toList();
        ResponseQuery same = result.model().query(LineTables.of(known), null);
        ResponseQuery renamed =
                result.model().query(LineTables.of(new NamedFeatures(others, known.columns(), known.values())), null);
        assertThat(error(result.model().predict(same)))
                .isLessThan(0.6 * error(result.model().predict(renamed)));
    }

    private static double error(double[][] predicted) {
        double error = 0;
        for (int pair = 0; pair < DATA.responses().pairs(); pair++) {
            double miss =
                    predicted[DATA.responses().line()[pair]][DATA.responses().drug()[pair]]
                            - DATA.responses().lnIc50()[pair];
            error += miss * miss;
        }
        return error;
    }

    @Test
    void damagedFoldersAreRefusedByName() throws IOException {
        assertThatThrownBy(() -> ResponseModelFolder.read(folder.resolve("nowhere")))
                .isInstanceOf(InputException.class)
                .hasMessageContaining("does not exist");
        Path damaged = Files.createDirectory(folder.resolve("damaged"));
        String config = Files.readString(written.resolve(ResponseModelFolder.CONFIG));
        Files.copy(written.resolve(ResponseModelFolder.WEIGHTS), damaged.resolve(ResponseModelFolder.WEIGHTS));
        for (String[] change : new String[][] {
            {"\"version\" : 2", "\"version\" : 9", "version 9"},
            {"\"D03\",", "", "shape"},
            {"\"members\" : 2", "\"members\" : 3", "deep.2"},
            {"\"width\" : 64", "\"width\" : 1000000000", "shape"},
            {"\"format\" :", "\"format\"", "JSON"}
        }) {
            assertThat(config).contains(change[0]);
            Files.writeString(damaged.resolve(ResponseModelFolder.CONFIG), config.replace(change[0], change[1]));
            assertThatThrownBy(() -> ResponseModelFolder.read(damaged))
                    .as("%s", change[0])
                    .isInstanceOf(InputException.class)
                    .hasMessageContaining(change[2]);
        }
        Files.writeString(damaged.resolve(ResponseModelFolder.CONFIG), config);
        byte[] weights = Files.readAllBytes(written.resolve(ResponseModelFolder.WEIGHTS));
        Files.write(damaged.resolve(ResponseModelFolder.WEIGHTS), java.util.Arrays.copyOf(weights, weights.length / 2));
        assertThatThrownBy(() -> ResponseModelFolder.read(damaged)).isInstanceOf(InputException.class);
    }
}
