package org.celllm.app;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** {@code celllm pretrain} straight on files. */
class PretrainFilesTest {
    @TempDir
    Path folder;

    private Path first;
    private Path second;
    private Path model;

    @BeforeEach
    void simulate() {
        first = folder.resolve("first.h5ad");
        second = folder.resolve("second.h5ad");
        model = folder.resolve("model");
        run("simulate", "--cells", 120, "--genes", 200, "--out", first);
        run("simulate", "--cells", 80, "--genes", 200, "--seed", 2, "--out", second);
    }

    @Test
    void trainsOnTheCellsOfFilesAndSaysWhichTheyWere() throws IOException {
        CommandLineRun trained = run(
                "pretrain", first, second, "--disease-column", "disease", "--steps", 4, "--batch", 16, "--out", model);
        assertThat(trained.out()).contains("training cells");
        assertThat(Files.readString(model.resolve("provenance.json")))
                .contains("without a corpus", "first.h5ad", "second.h5ad");
        run("embed", model, second, "--out", folder.resolve("embedded.h5ad"));
        run("report", model, "--out", folder.resolve("report.html"));
    }

    @Test
    void goesOnWithARunUnlessAFileHasChanged() throws IOException {
        Object[] command = {
            "pretrain", first, second, "--steps", 4, "--batch", 16, "--checkpoint-every", 2, "--out", model, "--resume"
        };
        run(command);
        Path weights = model.resolve("model.safetensors");
        byte[] uninterrupted = Files.readAllBytes(weights);
        forget(4);
        run(command);
        assertThat(Files.readAllBytes(weights)).isEqualTo(uninterrupted);
        forget(4);
        run("simulate", "--cells", 80, "--genes", 200, "--seed", 3, "--force", "--out", second);
        CommandLineRun changed = CommandLineRun.of(command);
        assertThat(changed.code()).isEqualTo(2);
        assertThat(changed.err()).contains("corpus: ");
    }

    @Test
    void goesOnFromAModelWithCellsOfOnesOwn() throws IOException {
        run("pretrain", first, "--steps", 2, "--batch", 16, "--projection", 8, "--out", model);
        Path own = folder.resolve("own");
        Path more = folder.resolve("more.h5ad");
        run("simulate", "--cells", 60, "--genes", 260, "--seed", 4, "--out", more);
        CommandLineRun trained = run(
                "pretrain",
                more,
                "--from",
                model,
                "--steps",
                2,
                "--batch",
                16,
                "--out",
                own,
                "--json",
                folder.resolve("own.json"));
        assertThat(trained.out()).contains("begins with the weights of", "genes; the others begin random");
        assertThat(Files.readString(own.resolve("provenance.json")))
                .contains("\"from\"", "TRAINED", "\"learningRate\" : 0.001,");
        run("embed", own, first, "--out", folder.resolve("embedded.h5ad"));
        run("pretrain", more, "--from", model, "--dry-run", "--out", folder.resolve("none"));
        assertThat(folder.resolve("none")).doesNotExist();
        for (Object[] wrong :
                new Object[][] {{"--preset", "small"}, {"--gene-embeddings", "random"}, {"--projection", 8}}) {
            CommandLineRun refused = CommandLineRun.of(
                    "pretrain", more, "--from", model, wrong[0], wrong[1], "--out", folder.resolve("none"));
            assertThat(refused.code()).isEqualTo(2);
            assertThat(refused.err()).contains("--from", wrong[0].toString());
        }
        CommandLineRun missing = CommandLineRun.of(
                "pretrain", more, "--from", folder.resolve("no-model"), "--out", folder.resolve("none"));
        assertThat(missing.code()).isEqualTo(2);
        assertThat(missing.err()).contains("does not exist", "celllm pretrain");
        assertThat(folder.resolve("none")).doesNotExist();
    }

    /** As if the run had been killed before that step's checkpoint. */
    private void forget(int step) throws IOException {
        Files.delete(model.resolve("model.safetensors"));
        Files.delete(model.resolve("checkpoints/step-00000000" + step + ".json"));
        Files.delete(model.resolve("checkpoints/step-00000000" + step + ".safetensors"));
    }

    @Test
    void saysWhichOptionsGoWithACorpusAndWhichWithFiles() {
        Path corpus = folder.resolve("corpus");
        run("corpus", "build", first, "--min-genes", 5, "--out", corpus);
        refused("when it was built", corpus, "--disease", "normal");
        refused("when it was built", corpus, "--values", "counts");
        refused("celllm corpus build", first, "--balance", "disease");
        refused("celllm corpus add", corpus, first);
        refused("named twice", first, first);
        assertThat(model).doesNotExist();
    }

    private void refused(String words, Object... what) {
        Object[] command = new Object[what.length + 3];
        command[0] = "pretrain";
        System.arraycopy(what, 0, command, 1, what.length);
        command[what.length + 1] = "--out";
        command[what.length + 2] = model;
        CommandLineRun run = CommandLineRun.of(command);
        assertThat(run.code()).as(run.err()).isEqualTo(2);
        assertThat(run.err()).contains(words);
    }

    private static CommandLineRun run(Object... command) {
        CommandLineRun run = CommandLineRun.of(command);
        assertThat(run.code()).as(run.err()).isZero();
        return run;
    }
}
