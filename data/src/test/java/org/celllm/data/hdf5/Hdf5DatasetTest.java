package org.celllm.data.hdf5;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Objects;
import org.celllm.data.InputException;
import org.celllm.data.matrix.RandomMatrix;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class Hdf5DatasetTest {
    private static final long LONG = 3L << 30;

    @TempDir
    Path folder;

    @Test
    void slicesBeyondTwoBillionElements() throws IOException {
        Path path = HandmadeHdf5.write(
                folder.resolve("long.h5"), h5 -> h5.mostlyUnwritten("far", LONG, 1 << 20, new byte[] {1, 2, 3, 4, 5}));
        try (Hdf5File file = Hdf5File.open(path)) {
            Hdf5Dataset far = Objects.requireNonNull(file.root().dataset("far"));
            assertThat(far.length()).isEqualTo(LONG);
            float[] read = new float[8];
            new ForwardReader(far).floats(LONG - 8, 8, read, 0);
            assertThat(read).containsExactly(0, 0, 0, 1, 2, 3, 4, 5);
        }
    }

    @Test
    void readsCellsWhoseValuesLieBeyondTwoBillion() throws IOException {
        Path path = HandmadeHdf5.write(
                folder.resolve("long.h5"),
                h5 -> h5.mostlyUnwritten("data", LONG, 1 << 20, new byte[] {7, 8, 9})
                        .mostlyUnwritten("indices", LONG, 1 << 20, new byte[] {0, 2, 4})
                        .longs("indptr", org.bytedeco.hdf5.global.hdf5.H5T_STD_I64LE_g(), new long[] {0, LONG - 3, LONG
                        }));
        try (Hdf5File file = Hdf5File.open(path)) {
            CompressedRowCells reader = new CompressedRowCells(SparseParts.of(file.root()), 2, 5, null, 1);
            reader.skipTo(1);
            var block = Objects.requireNonNull(reader.next());
            assertThat(block.offsets()[1]).isEqualTo(3);
            assertThat(block.genes()).startsWith(0, 2, 4);
            assertThat(block.values()).startsWith(7, 8, 9);
        }
    }

    @Test
    void neverAllocatesWhatIsMerelyClaimed() throws IOException {
        Path path = HandmadeHdf5.write(
                folder.resolve("claims.h5"), h5 -> h5.mostlyUnwritten("codes", LONG, 1 << 20, new byte[0]));
        try (Hdf5File file = Hdf5File.open(path)) {
            Hdf5Dataset codes = Objects.requireNonNull(file.root().dataset("codes"));
            assertThatThrownBy(() -> Hdf5Values.longs(codes))
                    .isInstanceOf(InputException.class)
                    .hasMessageContaining("more than a file of");
        }
    }

    @Test
    void readsStringsOfBothSortsAndEmptyOnes() throws IOException {
        List<String> words = List.of("β-actin", "", "CD3E");
        Path path = HandmadeHdf5.write(
                folder.resolve("words.h5"),
                h5 -> h5.strings("variable", words)
                        .fixed("fixed", 8, words)
                        .chunked(2, 4)
                        .strings("packed", words));
        try (Hdf5File file = Hdf5File.open(path)) {
            for (String name : List.of("variable", "fixed", "packed")) {
                assertThat(Hdf5Values.strings(file.root().requireDataset(name))).containsExactly("β-actin", "", "CD3E");
            }
        }
    }

    @Test
    void readsChunksThatAreHigherThanMemoryAllowsColumnByColumn() throws IOException {
        RandomMatrix matrix = RandomMatrix.counts(4, 30, 17);
        Path path = HandmadeHdf5.write(
                folder.resolve("tall.h5"), h5 -> h5.chunked(12, 1).floats("X", matrix.flat(), 30, 17));
        try (Hdf5File file = Hdf5File.open(path)) {
            Hdf5Dataset dataset = file.root().requireDataset("X");
            float[][] values = new float[30][17];
            DenseColumns.of(dataset).forEach((cell, gene, value) -> values[cell][gene] = value);
            assertThat(values).isDeepEqualTo(matrix.values());
            assertThat(DenseColumns.suits(dataset)).isFalse();
        }
    }

    @Test
    void saysWhichTypeItFound() throws IOException {
        Path path = HandmadeHdf5.write(folder.resolve("type.h5"), h5 -> h5.doubles("numbers", 1, 2));
        try (Hdf5File file = Hdf5File.open(path)) {
            Hdf5Dataset numbers = file.root().requireDataset("numbers");
            assertThatThrownBy(() -> Hdf5Values.strings(numbers))
                    .hasMessageContaining("holds float64 values; expected strings");
            assertThatThrownBy(() -> Hdf5Values.longs(numbers)).hasMessageContaining("expected whole numbers");
            assertThatThrownBy(() -> file.root().requireDataset("none")).hasMessageContaining("no dataset \"none\"");
        }
    }
}
