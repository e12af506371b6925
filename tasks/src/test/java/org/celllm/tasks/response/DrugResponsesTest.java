package org.celllm.tasks.response;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.zip.GZIPOutputStream;
import org.celllm.data.InputException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class DrugResponsesTest {
    @TempDir
    Path folder;

    @Test
    void commasTabsAndGzipAreRead() throws IOException {
        String text = "drug_name,DepMap_ID,ln_IC50\n\"Acid, folic\",L2,-1.5\nB,L1,2\n\"Acid, folic\",L1,3e-1\n";
        DrugResponses read = DrugResponses.read(file(text), ResponseColumns.USUAL);
        assertThat(read.lines()).containsExactly("L1", "L2");
        assertThat(read.drugs()).containsExactly("Acid, folic", "B");
        assertThat(read.line()).containsExactly(0, 0, 1);
        assertThat(read.drug()).containsExactly(0, 1, 0);
        assertThat(read.lnIc50()).containsExactly(0.3f, 2, -1.5f);

        Path zipped = folder.resolve("tabs.gz");
        try (OutputStream out = new GZIPOutputStream(Files.newOutputStream(zipped))) {
            out.write("x\tvalue\tcell_line\tdrug\n\t1\tL1\tA\n".getBytes(StandardCharsets.UTF_8));
        }
        ResponseColumns columns =
                new ResponseColumns(ResponseColumns.USUAL.drug(), ResponseColumns.USUAL.line(), List.of("value"));
        assertThat(DrugResponses.read(zipped, columns).lnIc50()).containsExactly(1);
    }

    @Test
    void whatCannotBeUsedIsNamedWithItsLine() throws IOException {
        String header = "drug_name,DepMap_ID,ln_IC50\n";
        refused(header + "A,L1,1\nA,L2,1\nA,L1,2\n", "line 4", "a second time, after line 2");
        refused(header + "A,L1,1\nA,L2,NaN\n", "line 3", "\"NaN\"", "ln_IC50");
        refused(header + "A,L1,\n", "line 2", "finite");
        refused(header + "A,L1,1e99\n", "line 2", "finite");
        refused(header + "A,L1,ten\n", "line 2", "\"ten\"");
        refused(header + "A,,1\n", "line 2", "DepMap_ID");
        refused(header + "A,L1\n", "line 2", "has 2 fields");
        refused("drug_name,line,IC50\nA,L1,1\n", "line 1", "ln_IC50");
        refused(header, "no row");
        refused("", "no header");
    }

    @Test
    void linesAndDrugsWithoutFeaturesAreCounted() throws IOException {
        DrugResponses read =
                DrugResponses.read(file("drug,line,ln_IC50\nA,L1,1\nA,L2,2\nB,L1,3\nB,L3,4\n"), ResponseColumns.USUAL);
        NamedFeatures lines = new NamedFeatures(List.of("L3", "L9", "L1"), List.of("G"), new float[][] {{3}, {9}, {1}});
        NamedFeatures drugs = new NamedFeatures(List.of("B"), List.of("bit"), new float[][] {{1}});
        ResponseData data = ResponseData.of(read, LineTables.of(lines), drugs, null, null);
        assertThat(data.responses().lnIc50()).containsExactly(3, 4);
        assertThat(data.lines().expression().values()).isEqualTo(new float[][] {{1}, {3}});
        assertThat(data.left()).isEqualTo(new ResponseData.LeftOut(List.of("L2"), List.of("A"), 2));
        NamedFeatures others = new NamedFeatures(List.of("X"), List.of("G"), new float[][] {{3}});
        assertThatThrownBy(() -> ResponseData.of(read, others)).hasMessageContaining("named alike");
    }

    @Test
    void concentrationsAreToldFromTheirLogarithms() {
        assertThat(ofOneLine(0.01f, 3, 250).looksLikeConcentrations()).isTrue();
        assertThat(ofOneLine(0.01f, 3, 9).looksLikeConcentrations()).isFalse();
        assertThat(ofOneLine(-4, 3, 250).looksLikeConcentrations()).isFalse();
        assertThat(ofOneLine(-4, 3, 5).largest()).isEqualTo(5);
    }

    private static DrugResponses ofOneLine(float... values) {
        List<DrugResponses.Response> responses = new ArrayList<>();
        for (float value : values) {
            responses.add(new DrugResponses.Response("line", "drug " + responses.size(), value));
        }
        return DrugResponses.of(responses);
    }

    @Test
    void featuresAndThresholdsAreReadAndRefused() throws IOException {
        NamedFeatures read = NamedFeatures.read(file("DepMap_ID,G1,G2\nL2,1,-2.5\nL1,0,4\n"), "line");
        assertThat(read.columns()).containsExactly("G1", "G2");
        assertThat(read.of(List.of("L1")).values()).isEqualTo(new float[][] {{0, 4}});
        assertThatThrownBy(() -> NamedFeatures.read(file("line,G\nL1,1\nL1,2\n"), "line"))
                .isInstanceOf(InputException.class)
                .hasMessageContainingAll("line 3", "L1");
        assertThatThrownBy(() -> NamedFeatures.read(file("line,G,G\nL1,1,2\n"), "line"))
                .isInstanceOf(InputException.class)
                .hasMessageContainingAll("line 1", "twice");
        assertThatThrownBy(() -> NamedFeatures.read(file("drug,bit\nA,NA\n"), "drug"))
                .isInstanceOf(InputException.class)
                .hasMessageContainingAll("line 2", "finite");
        assertThat(ResponseThresholds.read(file("drug,ln_IC50_threshold\nA,1.5\n"))
                        .byDrug())
                .containsEntry("A", 1.5f);
        assertThatThrownBy(() -> ResponseThresholds.read(file("drug,ln_IC50_threshold\nA,1\nA,1\n")))
                .isInstanceOf(InputException.class)
                .hasMessageContaining("line 3");
    }

    private void refused(String text, String... parts) throws IOException {
        Path file = file(text);
        assertThatThrownBy(() -> DrugResponses.read(file, ResponseColumns.USUAL))
                .isInstanceOf(InputException.class)
                .hasMessageContaining(file.toString())
                .hasMessageContainingAll(parts);
    }

    private Path file(String text) throws IOException {
        return Files.writeString(folder.resolve("table.csv"), text);
    }
}
