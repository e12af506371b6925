package org.celllm.data.hdf5;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.fail;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import org.celllm.data.InputException;
import org.celllm.data.inspect.FileInspection;
import org.celllm.data.matrix.CellReader;
import org.celllm.data.matrix.ExpressionFile;
import org.celllm.data.matrix.ExpressionFiles;
import org.celllm.data.matrix.MatrixSlot;
import org.celllm.data.matrix.RandomMatrix;
import org.celllm.data.random.KeyedRandom;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Whatever happens to the bytes of a file, reading it either works or gives one {@link InputException}. */
class DamagedFilesTest {
    private static final long SEED = 20240607;

    @TempDir
    Path folder;

    private byte[] plain;
    private byte[] packed;
    private byte[] oldest;

    @BeforeEach
    void write() throws IOException {
        RandomMatrix matrix = RandomMatrix.counts(1, 40, 30);
        plain = Files.readAllBytes(HandmadeHdf5.write(folder.resolve("plain.h5ad"), h5 -> {
            HandmadeAnnData.around(h5, 40, 30);
            HandmadeAnnData.sparse(h5, "X", matrix, true);
            HandmadeAnnData.sparse(h5, "layers/columns", matrix, false);
            h5.strings("obs/t/categories", List.of("a", "b")).ints("obs/t/codes", new int[40]);
        }));
        packed = Files.readAllBytes(HandmadeHdf5.write(folder.resolve("packed.h5ad"), h5 -> {
            h5.chunked(16, 4);
            HandmadeAnnData.around(h5, 40, 30);
            HandmadeAnnData.dense(h5, "X", matrix);
            HandmadeAnnData.sparse(h5, "raw/X", matrix, true);
            HandmadeAnnData.frame(h5, "raw/var", RandomMatrix.names("g", 30));
        }));
        oldest = Files.readAllBytes(HandmadeHdf5.write(folder.resolve("oldest.h5ad"), h5 -> {
            HandmadeAnnData.dense(h5, "X", RandomMatrix.counts(1, 4, 3));
            h5.compound("obs", 6, RandomMatrix.names("c", 4), new byte[4], new float[4]);
            h5.compound("var", 6, RandomMatrix.names("g", 3), new byte[3], new float[3]);
        }));
    }

    /** Reads all there is to read; returns whether it was refused. */
    private boolean refused(byte[] bytes, String what) throws IOException {
        Path path = folder.resolve("damaged.h5ad");
        Files.write(path, bytes);
        try (ExpressionFile file = ExpressionFiles.open(path)) {
            for (MatrixSlot slot : file.slots()) {
                try (CellReader reader = file.read(slot, 16)) {
                    while (reader.next() != null) {
                        // Every block is read.
                    }
                }
            }
            FileInspection.of(path);
            return false;
        } catch (InputException expected) {
            assertThat(expected.getMessage()).contains("damaged.h5ad");
            return true;
        } catch (RuntimeException | Error e) {
            return fail(what + " gave " + e, e);
        }
    }

    @Test
    void refusesAFileCutAnywhere() throws IOException {
        for (byte[] whole : List.of(plain, packed, oldest)) {
            assertThat(refused(whole, "the whole file")).isFalse();
            for (int i = 0; i < 60; i++) {
                int length = (int) ((long) whole.length * i / 60);
                assertThat(refused(Arrays.copyOf(whole, length), "cut at byte " + length))
                        .as("cut at byte %d of %d", length, whole.length)
                        .isTrue();
            }
            assertThat(refused(Arrays.copyOf(whole, whole.length - 1), "one byte less"))
                    .isTrue();
        }
    }

    @Test
    void survivesFlippedBits() throws IOException {
        int refused = 0;
        for (byte[] whole : List.of(plain, packed, oldest)) {
            for (int i = 0; i < 100; i++) {
                KeyedRandom random = KeyedRandom.of(SEED, whole.length, i);
                byte[] bytes = whole.clone();
                for (int flip = 0; flip <= random.nextInt(4); flip++) {
                    bytes[random.nextInt(bytes.length)] ^= (byte) (1 << random.nextInt(8));
                }
                refused += refused(bytes, "seed " + SEED + ", case " + i) ? 1 : 0;
            }
        }
        assertThat(refused).as("damage that shows").isPositive();
    }

    @Test
    void survivesGarbageInTheHeaders() throws IOException {
        for (byte[] whole : List.of(plain, packed, oldest)) {
            for (int i = 0; i < 50; i++) {
                KeyedRandom random = KeyedRandom.of(SEED + 1, whole.length, i);
                byte[] bytes = whole.clone();
                int from = 48 + random.nextInt(Math.min(bytes.length, 8000) - 60);
                for (int k = 0; k < 8; k++) {
                    bytes[from + k] = (byte) (i % 2 == 0 ? random.nextInt(256) : 0xff);
                }
                refused(bytes, "seed " + (SEED + 1) + ", case " + i);
            }
        }
    }
}
