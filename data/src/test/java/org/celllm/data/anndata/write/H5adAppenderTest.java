package org.celllm.data.anndata.write;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.jhdf.HdfFile;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.celllm.data.InputException;
import org.celllm.data.matrix.AnnotationTable;
import org.celllm.data.matrix.Column;
import org.celllm.data.matrix.ExpressionFile;
import org.celllm.data.matrix.ExpressionFiles;
import org.celllm.data.progress.Progress;
import org.celllm.data.simulate.SimulationSettings;
import org.celllm.data.simulate.Simulator;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class H5adAppenderTest {
    private static final int CELLS = 120;

    @TempDir
    Path folder;

    private Path source;

    @BeforeEach
    void simulate() throws IOException {
        source = folder.resolve("source.h5ad");
        new Simulator(SimulationSettings.of(CELLS, 1).withGenes(60)).write(source, Progress.SILENT);
    }

    @Test
    void addsAnEmbeddingAndColumnsAndKeepsTheRest() throws IOException {
        Path target = folder.resolve("target.h5ad");
        H5adAppender.append(source, target, H5adAppenderTest::add);

        try (ExpressionFile before = ExpressionFiles.open(source);
                ExpressionFile after = ExpressionFiles.open(target)) {
            AnnotationTable cells = after.cells();
            assertThat(cells.names()).isEqualTo(before.cells().names());
            assertThat(List.copyOf(cells.columns().keySet()))
                    .startsWith(before.cells().columns().keySet().toArray(String[]::new))
                    .endsWith("celllm_mapped_fraction", "celllm_label");
            for (String column : before.cells().columns().keySet()) {
                for (int cell = 0; cell < CELLS; cell++) {
                    assertThat(cells.columns().get(column).text(cell))
                            .isEqualTo(before.cells().columns().get(column).text(cell));
                }
            }
            assertThat(cells.columns().get("celllm_label").text(1)).isNull();
            assertThat(cells.columns().get("celllm_label").text(2)).isEqualTo("B cell");
            assertThat(cells.columns().get("celllm_mapped_fraction").text(3)).isEqualTo("0.025");
        }
        assertThat(embedding(target)[5]).containsExactly(5, 5.5f, 6);
    }

    @Test
    void replacesWhatAnEarlierRunAdded() throws IOException {
        Path target = folder.resolve("target.h5ad");
        H5adAppender.append(source, target, H5adAppenderTest::add);
        H5adAppender.append(target, target, file -> {
            try (EmbeddingRows rows = file.obsm("X_celllm", 1)) {
                rows.put(new float[CELLS], CELLS);
            }
            file.obs("celllm_label", new Column.Numeric(new double[CELLS], true));
        });

        assertThat(embedding(target)[5]).containsExactly(0);
        try (ExpressionFile after = ExpressionFiles.open(target)) {
            assertThat(after.cells().columns().keySet()).endsWith("celllm_mapped_fraction", "celllm_label");
            assertThat(after.cells().columns().get("celllm_label").text(2)).isEqualTo("0");
        }
    }

    @Test
    void leavesNothingWhenWhatIsAddedFails() throws IOException {
        Path target = folder.resolve("target.h5ad");

        assertThatThrownBy(() -> H5adAppender.append(source, target, file -> {
                    try (EmbeddingRows rows = file.obsm("X_celllm", 2)) {
                        rows.put(new float[2], 1);
                    }
                }))
                .isInstanceOf(IllegalStateException.class)
                .hasMessageContaining("1 rows written for 120 cells");
        assertOnlySourceIsLeft();
    }

    @Test
    void refusesATruncatedFileWithoutTouchingIt() throws IOException {
        byte[] whole = Files.readAllBytes(source);
        for (int percent : new int[] {0, 10, 50, 90, 99}) {
            Path cut = folder.resolve("cut.h5ad");
            byte[] part = java.util.Arrays.copyOf(whole, whole.length * percent / 100);
            Files.write(cut, part);
            Path target = folder.resolve("target.h5ad");
            assertThatThrownBy(() -> H5adAppender.append(cut, target, H5adAppenderTest::add))
                    .isInstanceOf(InputException.class)
                    .hasMessageContaining("cut.h5ad");
            assertThat(cut).hasBinaryContent(part);
            Files.delete(cut);
        }
        assertOnlySourceIsLeft();
    }

    @Test
    void copiesAFileThatMayOnlyBeRead() throws IOException {
        assumeTrue(Files.getFileStore(source).supportsFileAttributeView("posix"), "no permissions here");
        Files.setPosixFilePermissions(source, java.nio.file.attribute.PosixFilePermissions.fromString("r--r--r--"));
        Path target = folder.resolve("target.h5ad");

        H5adAppender.append(source, target, H5adAppenderTest::add);

        assertThat(Files.isWritable(target)).isTrue();
    }

    @Test
    void saysThatTheDiskIsFullAndLeavesNothing() throws IOException, InterruptedException {
        Path small = folder.resolve("small");
        Files.createDirectories(small);
        assumeTrue(command("mount", "-t", "tmpfs", "-o", "size=9m", "tmpfs", small.toString()), "cannot mount");
        try {
            Path target = small.resolve("target.h5ad");
            assertThatThrownBy(() -> H5adAppender.append(source, target, file -> {
                        try (EmbeddingRows rows = file.obsm("X_celllm", 4096)) {
                            rows.put(new float[CELLS * 4096], CELLS);
                        }
                    }))
                    .isInstanceOf(InputException.class)
                    .hasMessageContaining("the disk is full");
            try (Stream<Path> left = Files.list(small)) {
                assertThat(left).isEmpty();
            }
            assertThatThrownBy(
                            () -> new Simulator(SimulationSettings.of(4000, 1).withGenes(300))
                                    .write(small.resolve("new.h5ad"), Progress.SILENT))
                    .isInstanceOf(InputException.class)
                    .hasMessageContaining("the disk is full");
        } finally {
            command("umount", small.toString());
        }
        // The library has to go on working after a failure.
        H5adAppender.append(source, folder.resolve("target.h5ad"), H5adAppenderTest::add);
    }

    private static boolean command(String... words) throws IOException, InterruptedException {
        try {
            Process process =
                    new ProcessBuilder(words).redirectErrorStream(true).start();
            process.getInputStream().transferTo(java.io.OutputStream.nullOutputStream());
            return process.waitFor(20, TimeUnit.SECONDS) && process.exitValue() == 0;
        } catch (IOException noSuchCommand) {
            return false;
        }
    }

    private static void add(H5adAppender file) throws IOException {
        float[] values = new float[CELLS * 3];
        double[] fractions = new double[CELLS];
        String[] labels = new String[CELLS];
        for (int cell = 0; cell < CELLS; cell++) {
            for (int i = 0; i < 3; i++) {
                values[cell * 3 + i] = cell + i / 2f;
            }
            fractions[cell] = cell / (double) CELLS;
            labels[cell] = cell % 2 == 0 ? "B cell" : null;
        }
        try (EmbeddingRows rows = file.obsm("X_celllm", 3)) {
            rows.put(values, CELLS);
        }
        file.obs("celllm_mapped_fraction", new Column.Numeric(fractions, false));
        file.obs("celllm_label", new Column.Text(labels));
    }

    private static float[][] embedding(Path path) {
        try (HdfFile file = new HdfFile(path)) {
            return (float[][]) file.getDatasetByPath("/obsm/X_celllm").getData();
        }
    }

    private void assertOnlySourceIsLeft() throws IOException {
        try (Stream<Path> left = Files.list(folder)) {
            assertThat(left.map(p -> p.getFileName().toString())).containsExactly("source.h5ad");
        }
    }
}
