package org.celllm.app;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Whatever a user gives us that cannot be used: one error, exit code 2, nothing half written. */
class BadInputTest {
    @TempDir
    static Path folder;

    @BeforeAll
    static void makeFiles() throws Exception {
        Path good = folder.resolve("good.h5ad");
        assertThat(CommandLineRun.of("simulate", "--cells", 60, "--genes", 200, "--out", good)
                        .code())
                .isZero();
        byte[] bytes = Files.readAllBytes(good);
        Files.write(folder.resolve("truncated.h5ad"), Arrays.copyOf(bytes, bytes.length / 2));
        Files.createFile(folder.resolve("empty.h5ad"));
        Files.writeString(folder.resolve("letter.txt"), "Dear reader,\n\nthis is no table at all.\n");
        Files.writeString(folder.resolve("words.csv"), "gene,a,b\nG1,one,two\nG2,three,four\n");
        Files.write(folder.resolve("noise.h5ad"), new byte[] {1, 2, 3, 4, 5, 6, 7, 8, 9});
        Files.createDirectories(folder.resolve("empty folder"));
    }

    static Stream<String> files() {
        return Stream.of(
                "missing.h5ad",
                "truncated.h5ad",
                "empty.h5ad",
                "letter.txt",
                "words.csv",
                "noise.h5ad",
                "empty folder");
    }

    @ParameterizedTest
    @MethodSource("files")
    void inspectSaysInOneLineWhatIsWrongWithIt(String name) {
        CommandLineRun run = CommandLineRun.of("inspect", folder.resolve(name));

        isOneErrorAbout(run, name);
        assertThat(run.out()).isEmpty();
    }

    @ParameterizedTest
    @MethodSource("files")
    void aCorpusOfNothingElseIsNotBuilt(String name) throws Exception {
        Path corpus = folder.resolve("corpus of " + name);
        CommandLineRun run = CommandLineRun.of("corpus", "build", folder.resolve(name), "--out", corpus);

        assertThat(run.code()).as(run.err()).isEqualTo(2);
        assertThat(errors(run)).hasSize(1);
        assertThat(corpus).doesNotExist();
        nothingHalfWritten();
    }

    @Test
    void aRefusedSourceDoesNotStopTheOthersUnlessNobodySaidSo() throws Exception {
        Path corpus = folder.resolve("corpus");
        CommandLineRun run = CommandLineRun.of(
                "corpus", "build", folder.resolve("good.h5ad"), folder.resolve("empty.h5ad"), "--out", corpus);
        assertThat(run.code()).isEqualTo(2);
        assertThat(run.err()).contains("empty.h5ad").contains("--skip-refused");
        assertThat(corpus.resolve("manifest.json")).exists();

        CommandLineRun skipping = CommandLineRun.of(
                "corpus",
                "build",
                folder.resolve("good.h5ad"),
                folder.resolve("empty.h5ad"),
                "--out",
                corpus,
                "--force",
                "--skip-refused");
        assertThat(skipping.code()).as(skipping.err()).isZero();
        assertThat(skipping.out()).contains("refused: ").contains("empty.h5ad");
        nothingHalfWritten();
    }

    @Test
    void whatIsNoModelOrCorpusIsNamed() {
        Path good = folder.resolve("good.h5ad");
        Path out = folder.resolve("out.h5ad");
        for (List<Object> verb : List.<List<Object>>of(
                List.of("pretrain", folder, "--out", out),
                List.of("corpus", "verify", folder),
                List.of("embed", folder, good, "--out", out),
                List.of("annotate", "fit", folder, good, "--label", "cell_type", "--out", out),
                List.of("annotate", "predict", folder, good, "--out", out),
                List.of("evaluate", "annotation", folder, good, "--label", "cell_type", "--out", out),
                List.of("evaluate", "isotropy", folder, "--data", good, "--out", out),
                List.of("report", folder, "--out", out),
                List.of("import", good, "--genes", folder.resolve("letter.txt"), "--out", out))) {
            CommandLineRun run = CommandLineRun.of(verb.toArray());
            assertThat(run.code()).as("%s: %s", verb, run.err()).isEqualTo(2);
            assertThat(errors(run)).as(verb.toString()).hasSize(1);
            assertThat(out).doesNotExist();
        }
    }

    @Test
    void optionsThatMakeNoSenseAreOneLine() {
        Path good = folder.resolve("good.h5ad");
        for (List<Object> verb : List.<List<Object>>of(
                List.of("simulate", "--cells", -1, "--out", folder.resolve("x.h5ad")),
                List.of("simulate", "--cells", "many", "--out", folder.resolve("x.h5ad")),
                List.of("pretrain", folder, "--out", folder.resolve("x"), "--hide", 1.5),
                List.of("pretrain", folder, "--out", folder.resolve("x"), "--batch", 0),
                List.of("pretrain", folder, "--out", folder.resolve("x"), "--memory", "lots"),
                List.of("pretrain", folder, "--out", folder.resolve("x"), "--preset", "huge"),
                List.of("embed", folder, good, "--out", folder.resolve("x"), "--device", "cuda"),
                List.of("embed", folder, good, "--out", folder.resolve("x"), "--pool", "middle"),
                List.of("evaluate", "isotropy", folder, "--data", good, "--out", folder.resolve("x"), "--seeds", 0),
                List.of("evaluate", "isotropy", folder, "--data", good, "--out", folder.resolve("x"), "--hide", 1),
                List.of("inspect", good, "--values", "percent"),
                List.of("demo", "--cells", 3, "--out", folder.resolve("x")))) {
            CommandLineRun run = CommandLineRun.of(verb.toArray());
            assertThat(run.code()).as("%s: %s", verb, run.err()).isEqualTo(2);
            assertThat(errors(run)).as("%s: %s", verb, run.err()).hasSize(1);
        }
    }

    @Test
    void aPlaceThatCannotBeWrittenIsOneLine() {
        Path notAFolder = folder.resolve("good.h5ad");
        CommandLineRun run = CommandLineRun.of("inspect", notAFolder, "--json", notAFolder.resolve("figures.json"));
        assertThat(run.code()).as(run.err()).isEqualTo(2);
        assertThat(errors(run)).hasSize(1);
    }

    private static void isOneErrorAbout(CommandLineRun run, String name) {
        assertThat(run.code()).as(run.err()).isEqualTo(2);
        assertThat(run.err().lines())
                .as(run.err())
                .singleElement()
                .asString()
                .startsWith("celllm: error: ")
                .contains(name);
    }

    private static List<String> errors(CommandLineRun run) {
        assertThat(run.err()).doesNotContain("\tat ");
        return run.err()
                .lines()
                .filter(line -> line.startsWith("celllm: error: "))
                .toList();
    }

    private static void nothingHalfWritten() throws Exception {
        try (Stream<Path> left = Files.list(folder)) {
            assertThat(left.map(path -> path.getFileName().toString())).noneMatch(name -> name.startsWith("."));
        }
    }
}
