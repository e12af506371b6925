package org.celllm.tasks.sensitivity;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import org.celllm.data.InputException;
import org.celllm.data.matrix.AnnotationTable;
import org.celllm.data.matrix.Column;
import org.celllm.tasks.labels.CellLabels;
import org.celllm.tasks.response.DrugResponses;
import org.celllm.tasks.response.DrugResponses.Response;
import org.celllm.tasks.response.ResponseThresholds;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class SensitivityLabelsTest {
    private static final Path FILE = Path.of("cells.h5ad");
    private static final Path TABLE = Path.of("responses.csv");
    private static final DrugResponses RESPONSES = DrugResponses.of(List.of(
            new Response("A", "Erlotinib", -2.5f),
            new Response("B", "Erlotinib", 3),
            new Response("C", "Gefitinib", 1),
            new Response("A", "Gefitinib", 1)));

    @Test
    void oneValueOfAColumnMeansSensitive() {
        CellLabels labels = SensitivityLabels.ofColumn(FILE, cells("yes", "no", null, "maybe", "yes"), "is", "yes");
        assertThat(labels.names()).containsExactly("resistant", "sensitive");
        assertThat(labels.codes()).containsExactly(1, 0, -1, 0, 1);
    }

    @Test
    void aValueThatNoCellHasAndASingleClassAreErrors() {
        assertThatThrownBy(() -> SensitivityLabels.ofColumn(FILE, cells("yes", "no"), "is", "1"))
                .isInstanceOf(InputException.class)
                .hasMessageContaining("no cell has \"1\", but no, yes")
                .hasMessageContaining("--sensitive");
        assertThatThrownBy(() -> SensitivityLabels.ofColumn(FILE, cells("yes", "yes"), "is", "yes"))
                .isInstanceOf(InputException.class)
                .hasMessageContaining("every labelled cell is sensitive");
        assertThatThrownBy(() -> SensitivityLabels.ofColumn(FILE, cells("yes"), "was", "yes"))
                .isInstanceOf(InputException.class)
                .hasMessageContaining("no column \"was\"");
    }

    @Test
    void cellsAreLabelledByTheResponseOfTheirLine() {
        LineResponses responses =
                LineResponses.of(TABLE, RESPONSES, "erlotinib", 0f, null, Map.of("the A", "A", "the C", "C"));
        CellLabels labels = SensitivityLabels.ofLines(FILE, cells("the A", "B", "the C", null), "is", responses);
        assertThat(labels.codes())
                .as("C was not measured with that drug")
                .containsExactly(SensitivityLabels.SENSITIVE, SensitivityLabels.RESISTANT, -1, -1);
    }

    @Test
    void theThresholdDecides() {
        ResponseThresholds thresholds = new ResponseThresholds(Map.of("Erlotinib", 4f));
        LineResponses all = LineResponses.of(TABLE, RESPONSES, "Erlotinib", null, thresholds, Map.of());
        assertThat(all.threshold()).isEqualTo(4);
        assertThatThrownBy(() -> SensitivityLabels.ofLines(FILE, cells("A", "B"), "is", all))
                .isInstanceOf(InputException.class)
                .hasMessageContaining("every labelled cell is sensitive")
                .hasMessageContaining("threshold");
        assertThatThrownBy(() -> LineResponses.of(TABLE, RESPONSES, "Gefitinib", null, thresholds, Map.of()))
                .isInstanceOf(InputException.class)
                .hasMessageContaining("--threshold");
    }

    @Test
    void unknownDrugsAndLinesAreErrorsThatSayWhatThereIs() {
        assertThatThrownBy(() -> LineResponses.of(TABLE, RESPONSES, "Aspirin", 0f, null, Map.of()))
                .isInstanceOf(InputException.class)
                .hasMessageContaining("no drug \"Aspirin\"")
                .hasMessageContaining("Erlotinib, Gefitinib");
        LineResponses responses = LineResponses.of(TABLE, RESPONSES, "Erlotinib", 0f, null, Map.of());
        assertThatThrownBy(() -> SensitivityLabels.ofLines(FILE, cells("A", "HCC827"), "is", responses))
                .isInstanceOf(InputException.class)
                .hasMessageContaining("HCC827")
                .hasMessageContaining("--lines");
    }

    @Test
    void namesOfLinesAreReadFromATable(@TempDir Path folder) throws IOException {
        Path table = Files.writeString(folder.resolve("lines.csv"), "name,DepMap_ID\nHCC827,ACH-12\nH1975,ACH-587\n");
        assertThat(LineResponses.readIds(table))
                .containsOnly(Map.entry("HCC827", "ACH-12"), Map.entry("H1975", "ACH-587"));
        Path twice = Files.writeString(folder.resolve("twice.csv"), "name,line\nA,1\nA,2\n");
        assertThatThrownBy(() -> LineResponses.readIds(twice))
                .isInstanceOf(InputException.class)
                .hasMessageContaining("second time");
    }

    private static AnnotationTable cells(String... values) {
        List<String> names =
                IntStream.range(0, values.length).mapToObj(i -> "c" + i).toList();
        return new AnnotationTable(names, Map.of("is", new Column.Text(values)));
    }
}
