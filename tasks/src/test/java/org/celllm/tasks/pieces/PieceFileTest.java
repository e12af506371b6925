package org.celllm.tasks.pieces;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.celllm.data.random.KeyedRandom;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class PieceFileTest {
    private static final long SEED = Long.getLong("celllm.seed", 2306);
    private static final int COLUMNS = 3;
    private static final int[] SIZES = {5, 1, 40, 7};

    @TempDir
    Path folder;

    @Test
    void givesBackWhatWasPut() throws IOException {
        Path file = written();
        try (PieceFile pieces = PieceFile.open(file, COLUMNS)) {
            assertThat(pieces.cells()).isEqualTo(53);
            assertThat(pieces.damaged()).isFalse();
            assertThat(all(pieces)).containsExactly(numbers(0, 53));
        }
        assertThat(PieceFile.claimed(file)).isEqualTo(53);
    }

    @Test
    void cutAtAnyByteItKeepsTheWholePiecesAndGoesOnBehindThem() throws IOException {
        byte[] whole = Files.readAllBytes(written());
        Path cut = folder.resolve("cut");
        for (int length = 0; length <= whole.length; length++) {
            Files.write(cut, Arrays.copyOf(whole, length));
            goOnFrom(cut, whole);
        }
    }

    @Test
    void aPieceWithAnyFlippedBitIsNotTaken() throws IOException {
        byte[] whole = Files.readAllBytes(written());
        KeyedRandom random = KeyedRandom.of(SEED);
        Path flipped = folder.resolve("flipped");
        for (int trial = 0; trial < 500; trial++) {
            byte[] bytes = whole.clone();
            int at = random.nextInt(bytes.length);
            bytes[at] ^= (byte) (1 << random.nextInt(8));
            Files.write(flipped, bytes);
            try (PieceFile pieces = PieceFile.open(flipped, COLUMNS)) {
                assertThat(pieces.damaged()).as("byte %s, seed %s", at, SEED).isTrue();
            }
            goOnFrom(flipped, whole);
        }
    }

    @Test
    void anotherNumberOfColumnsIsNotTaken() throws IOException {
        try (PieceFile pieces = PieceFile.open(written(), COLUMNS + 1)) {
            assertThat(pieces.cells()).isZero();
            assertThat(pieces.damaged()).isTrue();
        }
    }

    @Test
    void cellsComeInOrder() throws IOException {
        try (PieceFile pieces = PieceFile.open(folder.resolve("new"), COLUMNS)) {
            assertThatThrownBy(() -> pieces.put(1, numbers(1, 2), 1)).isInstanceOf(IllegalArgumentException.class);
        }
    }

    @Test
    void damageWhileItIsInUseIsAnError() throws IOException {
        Path file = written();
        try (PieceFile pieces = PieceFile.open(file, COLUMNS)) {
            byte[] bytes = Files.readAllBytes(file);
            bytes[bytes.length - 9] ^= 1;
            Files.write(file, bytes);
            assertThatThrownBy(() -> all(pieces))
                    .isInstanceOf(IOException.class)
                    .hasMessageContaining("damaged");
        }
    }

    /** Opens a file of some pieces, puts the others, and expects the bytes of the whole. */
    private static void goOnFrom(Path file, byte[] whole) throws IOException {
        try (PieceFile pieces = PieceFile.open(file, COLUMNS)) {
            assertThat(all(pieces)).containsExactly(numbers(0, pieces.cells()));
            int first = 0;
            for (int size : SIZES) {
                if (first >= pieces.cells()) {
                    pieces.put(first, numbers(first, first + size), size);
                }
                first += size;
            }
        }
        assertThat(Files.readAllBytes(file)).isEqualTo(whole);
    }

    private Path written() throws IOException {
        Path file = folder.resolve("cells");
        Files.deleteIfExists(file);
        try (PieceFile pieces = PieceFile.open(file, COLUMNS)) {
            int first = 0;
            for (int size : SIZES) {
                pieces.put(first, numbers(first, first + size), size);
                first += size;
            }
            pieces.sync();
        }
        return file;
    }

    private static float[] numbers(int from, int to) {
        float[] rows = new float[(to - from) * COLUMNS];
        for (int i = 0; i < rows.length; i++) {
            rows[i] = (float) Math.sin(from * COLUMNS + i);
        }
        return rows;
    }

    private static float[] all(PieceFile pieces) throws IOException {
        List<Float> all = new ArrayList<>();
        pieces.forEach((first, rows, cells) -> {
            assertThat(first * COLUMNS).isEqualTo(all.size());
            for (int i = 0; i < cells * COLUMNS; i++) {
                all.add(rows[i]);
            }
        });
        float[] rows = new float[all.size()];
        for (int i = 0; i < rows.length; i++) {
            rows[i] = all.get(i);
        }
        return rows;
    }
}
