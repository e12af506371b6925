package org.celllm.app.report;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.celllm.data.InputException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class TrainingCurvesTest {
    @TempDir
    Path folder;

    @Test
    void trainingAndValidationShareAPanel() throws IOException {
        List<ReportPage.CurvePanel> panels = read("""
                        {"kind":"train","step":1,"loss":3.0,"masked":1.5,"masked_accuracy":0.2,"commonest_accuracy":0.5}
                        {"kind":"train","step":2,"loss":2.0,"masked":1.25,"masked_accuracy":0.3,"commonest_accuracy":0.5}
                        {"kind":"validation","step":2,"loss":2.5,"masked":1.4,"masked_accuracy":0.25,"commonest_accuracy":0.55}
                        """).panels();

        assertThat(panels)
                .extracting(ReportPage.CurvePanel::title)
                .containsExactly("Total loss", "Masked expression", "Masked genes guessed right");
        assertThat(panels.get(0).curves())
                .containsExactly(
                        new ReportPage.Curve("training", false, List.of(1L, 2L), List.of(3.0, 2.0)),
                        new ReportPage.Curve("validation", false, List.of(2L), List.of(2.5)));
        assertThat(panels.get(2).curves())
                .last()
                .isEqualTo(new ReportPage.Curve("always the commonest bin", true, List.of(2L), List.of(0.55)));
    }

    @Test
    void aLineThatAKilledRunCutOffIsLeftOut() throws IOException {
        TrainingCurves curves = read("{\"kind\":\"train\",\"step\":1,\"loss\":3.0}\n{\"kind\":\"train\",\"st");

        assertThat(curves.lastTraining("loss")).isEqualTo(3.0);
        assertThat(curves.lastValidation("loss")).isNull();
    }

    @Test
    void aDamagedLineInTheMiddleIsNamed() {
        assertThatThrownBy(() -> read("{\"step\":1}\nnonsense\n{\"step\":2}\n"))
                .isInstanceOf(InputException.class)
                .hasMessageContaining("metrics.jsonl (line 2)");
    }

    @Test
    void longRunsAreThinnedAndKeepTheirEnd() throws IOException {
        TrainingCurves curves = read(IntStream.rangeClosed(1, 10_000)
                .mapToObj(step -> "{\"kind\":\"train\",\"step\":" + step + ",\"loss\":" + 1.0 / step + "}")
                .collect(Collectors.joining("\n", "", "\n")));

        ReportPage.Curve loss = curves.panels().get(0).curves().get(0);
        assertThat(loss.steps())
                .hasSizeLessThanOrEqualTo(TrainingCurves.MOST_POINTS)
                .endsWith(10_000L);
    }

    @Test
    void withoutALogThereIsNothingToShow() throws IOException {
        assertThat(TrainingCurves.read(folder.resolve("none.jsonl")).panels()).isEmpty();
    }

    private TrainingCurves read(String text) throws IOException {
        Path file = folder.resolve("metrics.jsonl");
        Files.writeString(file, text);
        return TrainingCurves.read(file);
    }
}
