package org.celllm.app;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** No verb destroys what it reads, nor anything that it did not write, whatever is asked for. */
class ReplacingTest {
    @TempDir
    static Path folder;

    private static Path cells;
    private static Path model;

    @BeforeAll
    static void makeModel() {
        cells = folder.resolve("cells.h5ad");
        model = folder.resolve("model");
        done("simulate", "--cells", 80, "--genes", 200, "--out", cells);
        done("pretrain", cells, "--out", model, "--steps", 1, "--batch", 8, "--threads", 1, "--memory", "2g");
    }

    @Test
    void aFolderOfTheUsersIsNotReplaced() throws IOException {
        Path own = Files.createDirectories(folder.resolve("own"));
        Path note = Files.writeString(own.resolve("notes.txt"), "months of work");
        for (List<Object> verb : List.<List<Object>>of(
                List.of("pretrain", cells, "--steps", 1, "--batch", 8, "--out", own),
                List.of("annotate", "fit", model, cells, "--label", "cell_type", "--out", own),
                List.of("evaluate", "annotation", model, cells, "--label", "cell_type", "--out", own),
                List.of("evaluate", "isotropy", model, "--data", cells, "--out", own),
                List.of("simulate", "--cells", 80, "--sources", 2, "--out", own),
                List.of("demo", "--out", own),
                List.of("embed", model, cells, "--out", own.resolveSibling("own")))) {
            refused(with(verb, "--force"), "own");
            assertThat(note).hasContent("months of work");
        }
        Path hidden = Files.createDirectories(folder.resolve("hidden"));
        Path kept = Files.writeString(hidden.resolve(".secret"), "months of work");
        refused(
                List.of("annotate", "fit", model, cells, "--label", "cell_type", "--out", hidden, "--force"),
                ".secret");
        assertThat(kept).hasContent("months of work");
    }

    @Test
    void aFolderWithTheInputInItIsNotReplaced() throws IOException {
        Path copy = folder.resolve("model with cells");
        copied(model, copy);
        Path inside = Files.copy(cells, copy.resolve("cells.h5ad"));
        refused(
                List.of("pretrain", inside, "--steps", 1, "--batch", 8, "--out", copy, "--force"),
                "with an input in it");
        assertThat(inside).hasSameBinaryContentAs(cells);
    }

    @Test
    void aModelIsNotReplacedByAnAnnotator() {
        refused(
                List.of("annotate", "fit", model, cells, "--label", "cell_type", "--out", model, "--force"),
                "the input");
        Path other = folder.resolve("other");
        copied(model, other);
        refused(
                List.of("annotate", "fit", model, cells, "--label", "cell_type", "--out", other, "--force"),
                "an annotator");
        assertThat(other.resolve("model.safetensors")).exists();
    }

    @Test
    void anInputUnderAnotherNameIsStillTheInput() throws IOException {
        Path linked = folder.resolve("linked");
        Files.createSymbolicLink(linked, folder);
        byte[] before = Files.readAllBytes(cells);
        refused(
                List.of("embed", model, cells, "--out", linked.resolve("cells.h5ad"), "--force"),
                "is the input itself");
        assertThat(cells).hasBinaryContent(before);
    }

    @Test
    void figuresForProgramsReplaceNothingButTheirLike() throws IOException {
        byte[] before = Files.readAllBytes(cells);
        refused(List.of("inspect", cells, "--json", cells), "is the input itself");
        refused(List.of("inspect", cells, "--genes-out", cells), "is the input itself");
        Path other = Files.write(folder.resolve("other.h5ad"), before);
        refused(List.of("inspect", "--json", other, cells), "no JSON");
        refused(List.of("inspect", cells, "--genes-out", other), "no table of genes");
        Path out = folder.resolve("embedded.h5ad");
        refused(List.of("embed", model, cells, "--out", out, "--json", out), "is written by");
        assertThat(out).doesNotExist();
        assertThat(cells).hasBinaryContent(before);
        assertThat(other).hasBinaryContent(before);

        Path json = folder.resolve("inspected.json");
        Path genes = folder.resolve("genes.tsv");
        for (int twice = 0; twice < 2; twice++) {
            done("inspect", cells, "--json", json, "--genes-out", genes);
        }
    }

    @Test
    void anOutputOfAnotherKindIsRefusedBeforeTheWork() throws IOException {
        refused(List.of("embed", model, cells, "--out", folder.resolve("embedded.csv")), ".h5ad");
        refused(List.of("simulate", "--cells", 80, "--out", folder.resolve("simulated.csv")), ".h5ad");
        Path taken = Files.createDirectories(folder.resolve("taken.h5ad"));
        refused(List.of("embed", model, cells, "--out", taken, "--force"), "is a folder");
        refused(
                List.of("evaluate", "isotropy", model, "--data", cells, "--out", cells, "--force"),
                "is the input itself");
    }

    @Test
    void whatAVerbWroteItReplaces() {
        Path evaluation = folder.resolve("evaluation");
        Path sources = folder.resolve("sources");
        done("simulate", "--cells", 80, "--genes", 100, "--sources", 2, "--out", sources);
        done("simulate", "--cells", 80, "--genes", 100, "--sources", 2, "--out", sources, "--force");
        for (String force : List.of("", "--force")) {
            CommandLineRun run = CommandLineRun.of(with(
                            List.of(
                                    "evaluate",
                                    "annotation",
                                    model,
                                    cells,
                                    "--label",
                                    "cell_type",
                                    "--few-shot",
                                    3,
                                    "--draws",
                                    1,
                                    "--probe",
                                    "--threads",
                                    1,
                                    "--out",
                                    evaluation),
                            force)
                    .toArray());
            assertThat(run.code()).as(run.err()).isZero();
        }
    }

    private static List<Object> with(List<Object> verb, String option) {
        if (option.isEmpty()) {
            return verb;
        }
        List<Object> words = new java.util.ArrayList<>(verb);
        words.add(option);
        return words;
    }

    private static void done(Object... words) {
        CommandLineRun run = CommandLineRun.of(words);
        assertThat(run.code()).as(run.err()).isZero();
    }

    private static void refused(List<Object> words, String why) {
        CommandLineRun run = CommandLineRun.of(words.toArray());
        assertThat(run.code()).as("%s: %s", words, run.err()).isEqualTo(2);
        assertThat(run.err().lines().filter(line -> line.startsWith("celllm: error: ")))
                .as("%s", words)
                .hasSize(1)
                .allSatisfy(line -> assertThat(line).contains(why));
    }

    private static void copied(Path from, Path to) {
        try (var files = Files.walk(from)) {
            for (Path file : files.toList()) {
                Path target = to.resolve(from.relativize(file).toString());
                if (Files.isDirectory(file)) {
                    Files.createDirectories(target);
                } else {
                    Files.copy(file, target);
                }
            }
        } catch (IOException e) {
            throw new java.io.UncheckedIOException(e);
        }
    }
}
