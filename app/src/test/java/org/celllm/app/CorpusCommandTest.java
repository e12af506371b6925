package org.celllm.app;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class CorpusCommandTest {
    @TempDir
    Path folder;

    @Test
    void saysHowManyCellsHaveALabelWhereAnyHas() {
        Path cells = folder.resolve("cells.h5ad");
        Path more = folder.resolve("more.h5ad");
        Path corpus = folder.resolve("corpus");
        simulate(cells, 1);
        simulate(more, 2);

        CommandLineRun plain = CommandLineRun.of("corpus", "build", cells, "--out", corpus);
        assertThat(plain.code()).as(plain.err()).isZero();
        assertThat(plain.out()).doesNotContain("labels: ");
        assertThat(CommandLineRun.of("corpus", "verify", corpus).out())
                .contains("sound")
                .doesNotContain("labels");

        CommandLineRun added = CommandLineRun.of("corpus", "add", "--to", corpus, more, "--label-column", "cell_type");
        assertThat(added.code()).as(added.err()).isZero();
        assertThat(added.out()).contains("labels: 60 cells have one of 3\n").contains("120 cells");
        assertThat(CommandLineRun.of("corpus", "verify", corpus).out())
                .contains("60 cells with one of 3 labels: sound");
        CommandLineRun again = CommandLineRun.of("corpus", "add", "--to", corpus, more);
        assertThat(again.code()).isEqualTo(2);
        assertThat(again.err()).contains("is in the corpus already");
        assertThat(CommandLineRun.of("corpus", "verify", corpus).out())
                .as("the corpus is as it was")
                .contains("60 cells with one of 3 labels: sound");

        CommandLineRun refused = CommandLineRun.of(
                "corpus", "build", cells, "--label-column", "annotation", "--out", folder.resolve("other"));
        assertThat(refused.code()).isEqualTo(2);
        assertThat(refused.err()).contains("no column 'annotation'");
        assertThat(folder.resolve("other")).doesNotExist();
    }

    @Test
    void saysWhatBecomesOfABuildThatWasCutOff() throws IOException {
        Path cells = folder.resolve("cells.h5ad");
        Path corpus = folder.resolve("corpus");
        Path left = folder.resolve(".corpus.999999999.building");
        simulate(cells, 1);

        Files.createDirectories(left.resolve("parts"));
        CommandLineRun resumed = CommandLineRun.of("corpus", "build", cells, "--out", corpus, "--resume");
        assertThat(resumed.code()).as(resumed.err()).isZero();
        assertThat(resumed.err()).contains("going on with a build of", "0 sources are finished");
        assertThat(left).doesNotExist();

        Files.createDirectories(left.resolve("parts"));
        CommandLineRun anew = CommandLineRun.of("corpus", "build", cells, "--out", corpus, "--force", "--threads", 1);
        assertThat(anew.err()).contains("removed what was left of a build");
        assertThat(left).doesNotExist();

        CommandLineRun none = CommandLineRun.of("corpus", "build", cells, "--out", corpus, "--force", "--threads", 0);
        assertThat(none.code()).isEqualTo(2);
        assertThat(none.err()).contains("--threads 0");
    }

    @Test
    void countsAndListsCellsThatAreInTwoSources() throws IOException {
        Path cells = folder.resolve("cells.h5ad");
        Path again = folder.resolve("again.h5ad");
        Path corpus = folder.resolve("corpus");
        Path list = folder.resolve("twins.tsv");
        simulate(cells, 1);
        Files.copy(cells, again);
        assertThat(CommandLineRun.of("corpus", "build", again, cells, "--out", corpus)
                        .code())
                .isZero();

        CommandLineRun verified = CommandLineRun.of("corpus", "verify", corpus, "--duplicates", "--list", list);
        assertThat(verified.code()).as(verified.err()).isZero();
        assertThat(verified.out())
                .contains("near-duplicates: 120 of 120 cells are like another, 120 like one of another source");
        assertThat(Files.readAllLines(list)).hasSize(121).contains("0\tagain\t0\t60\tcells\t0");

        CommandLineRun refused = CommandLineRun.of("corpus", "verify", corpus, "--list", list);
        assertThat(refused.code()).isEqualTo(2);
        assertThat(refused.err()).contains("--duplicates");
    }

    @Test
    void simulatesSeveralSources() throws IOException {
        Path many = folder.resolve("many");
        Path second = folder.resolve("second.h5ad");
        CommandLineRun run = CommandLineRun.of(
                "simulate",
                "--cells",
                101,
                "--genes",
                200,
                "--types",
                3,
                "--sources",
                2,
                "--threads",
                2,
                "--out",
                many);
        assertThat(run.code()).as(run.err()).isZero();
        assertThat(CommandLineRun.of(
                                "simulate", "--cells", 50, "--genes", 200, "--types", 3, "--seed", 2, "--out", second)
                        .code())
                .isZero();
        assertThat(many.resolve("source2.h5ad")).hasSameBinaryContentAs(second);
        assertThat(CommandLineRun.of("corpus", "build", many, "--out", folder.resolve("corpus"))
                        .out())
                .contains("101 cells");
        assertThat(CommandLineRun.of("simulate", "--cells", 2, "--sources", 3, "--out", folder.resolve("none"))
                        .code())
                .isEqualTo(2);
        assertThat(folder.resolve("none")).doesNotExist();
    }

    @Test
    void showsWhatIsInItAndWhereACellIsFrom() throws IOException {
        Path cells = folder.resolve("cells.h5ad");
        Path more = folder.resolve("more.h5ad");
        Path corpus = folder.resolve("corpus");
        Path json = folder.resolve("figures.json");
        simulate(cells, 1);
        simulate(more, 2);
        assertThat(CommandLineRun.of("corpus", "build", cells, more, "--tissue", "lung", "--out", corpus)
                        .code())
                .isZero();

        CommandLineRun shown = CommandLineRun.of("corpus", "show", corpus, "--json", json);
        assertThat(shown.code()).as(shown.err()).isZero();
        assertThat(shown.out()).contains("sparsity", "Disease and tissue", "lung", "expressed genes", "bytes a value");
        JsonNode figures = new ObjectMapper().readTree(json.toFile());
        assertThat(figures.path("schema").asText()).isEqualTo("celllm-corpus-summary/1");
        assertThat(figures.path("cells").asLong()).isEqualTo(120);
        assertThat(figures.at("/tissues/1/unknown").asLong()).isEqualTo(120);
        assertThat(figures.path("cells_expressing"))
                .hasSize(figures.path("genes").asInt());

        CommandLineRun traced = CommandLineRun.of("corpus", "show", corpus, "--cell", "5,119", "--json", json);
        assertThat(traced.code()).as(traced.err()).isZero();
        JsonNode last = new ObjectMapper().readTree(json.toFile()).at("/cells/1");
        assertThat(last.path("path").asText()).isEqualTo(more.toString());
        assertThat(last.path("row").asLong()).isEqualTo(59);

        CommandLineRun none = CommandLineRun.of("corpus", "show", corpus, "--cell", 120);
        assertThat(none.code()).isEqualTo(2);
        assertThat(none.err()).contains("has no cell 120; expected 0 to 119");
        assertThat(CommandLineRun.of("corpus", "show", folder).code()).isEqualTo(2);
    }

    private static void simulate(Path file, int seed) {
        CommandLineRun run = CommandLineRun.of(
                "simulate", "--cells", 60, "--genes", 200, "--types", 3, "--seed", seed, "--out", file);
        assertThat(run.code()).as(run.err()).isZero();
    }
}
