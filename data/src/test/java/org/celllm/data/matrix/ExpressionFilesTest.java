package org.celllm.data.matrix;

import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.zip.GZIPOutputStream;
import org.celllm.data.InputException;
import org.celllm.data.hdf5.HandmadeHdf5;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What is not read is refused by one error with the way out. */
class ExpressionFilesTest {
    @TempDir
    Path folder;

    private void refused(Path path, String words) {
        assertThatThrownBy(() -> ExpressionFiles.open(path))
                .isInstanceOf(InputException.class)
                .hasMessageContaining(String.valueOf(path.getFileName()))
                .hasMessageContaining(words);
    }

    private Path bytes(String name, int... bytes) throws IOException {
        byte[] content = new byte[600];
        for (int i = 0; i < bytes.length; i++) {
            content[i] = (byte) bytes[i];
        }
        return Files.write(folder.resolve(name), content);
    }

    @Test
    void refusesWrongPathsAndEmptyFiles() throws IOException {
        refused(folder.resolve("none.h5ad"), "there is no such file or folder");
        refused(Files.createFile(folder.resolve("empty.h5ad")), "the file is empty");
        refused(Files.createDirectory(folder.resolve("inside")), "is a folder without a matrix.mtx");
        Path packed = folder.resolve("nothing.csv.gz");
        try (OutputStream out = new GZIPOutputStream(Files.newOutputStream(packed))) {
            out.flush();
        }
        refused(packed, "empty once unpacked");
    }

    @Test
    void knowsOtherFormatsByTheirFirstBytes() throws IOException {
        refused(bytes("a.zarr.zip", 'P', 'K', 3, 4), "anndata.read_zarr");
        refused(bytes("a.xlsx", 'P', 'K', 3, 4), "Excel");
        refused(bytes("a.zip", 'P', 'K', 3, 4), "zip archive");
        refused(bytes("a.npy", 0x93, 'N', 'U', 'M', 'P', 'Y'), "numpy array");
        refused(bytes("a.rds", 'X', '\n', 0), "R data file");
        refused(bytes("a.bz2", 'B', 'Z', 'h', '9'), "bzip2");
        refused(bytes("a.bin", 1, 2, 3), "binary file");
        byte[] tar = new byte[600];
        Arrays.fill(tar, (byte) 'x');
        System.arraycopy(new byte[] {'u', 's', 't', 'a', 'r'}, 0, tar, 257, 5);
        refused(Files.write(folder.resolve("a.tar"), tar), "tar archive");
        Path zarr = Files.createDirectory(folder.resolve("store.zarr"));
        Files.writeString(zarr.resolve(".zgroup"), "{}");
        refused(zarr, "zarr store");
    }

    @Test
    void knowsOtherLayoutsOfHdf5() {
        refused(
                HandmadeHdf5.write(
                        folder.resolve("a.loom"), h5 -> h5.group("row_attrs").group("col_attrs")),
                "is a loom file");
        refused(HandmadeHdf5.write(folder.resolve("a.h5mu"), h5 -> h5.group("mod/rna")), "MuData");
        refused(
                HandmadeHdf5.write(
                        folder.resolve("pandas.h5"), h5 -> h5.group("dge").attribute("dge", "pandas_type", "frame")),
                "PyTables");
        refused(
                HandmadeHdf5.write(folder.resolve("x.h5"), h5 -> h5.floats("X", new float[4], 2, 2)),
                "neither cells nor genes have names");
        refused(
                HandmadeHdf5.write(folder.resolve("odd.h5"), h5 -> h5.group("weights")),
                "layout that is not known: it holds [weights]");
    }
}
