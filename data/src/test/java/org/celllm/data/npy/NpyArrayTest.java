package org.celllm.data.npy;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import org.celllm.data.InputException;
import org.celllm.data.random.KeyedRandom;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class NpyArrayTest {
    private static final long SEED = Long.getLong("celllm.seed", 3);

    @TempDir
    Path folder;

    @ParameterizedTest
    @CsvSource({"<f4, 1", "<f8, 2", ">f4, 1", "<i4, 3", "<i8, 1", ">i8, 1", "<f2, 1"})
    void numbersOfEveryFormatAreRead(String type, int version) throws IOException {
        NpyArray array = NpyArray.read(file(version, header(type, "False", "(2, 3)"), content(type, 6)));
        assertThat(array.shape()).containsExactly(2, 3);
        assertThat(array.values()).containsExactly(1, 2, 3, 4, 5, 6);
    }

    @Test
    void arraysStoredByColumnsComeByRows() throws IOException {
        NpyArray array = NpyArray.read(file(1, header("<f4", "True", "(2, 3)"), content("<f4", 6)));
        assertThat(array.values()).containsExactly(1, 3, 5, 2, 4, 6);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "{'descr': '|O', 'fortran_order': False, 'shape': (6,), }",
                "{'descr': '<U3', 'fortran_order': False, 'shape': (6,), }",
                "{'descr': [('a', '<f4')], 'fortran_order': False, 'shape': (6,), }",
                "{'descr': '<f4', 'fortran_order': False, 'shape': (7,), }",
                "{'descr': '<f4', 'fortran_order': False, 'shape': (99999, 99999), }",
                "{'descr': '<f4', 'fortran_order': False, 'shape': (-1,), }",
                "{'descr': '', 'fortran_order': False, 'shape': (6,), }",
                "nonsense"
            })
    void whatIsNoArrayOfNumbersIsRefused(String header) throws IOException {
        Path file = file(1, header, content("<f4", 6));
        assertThatThrownBy(() -> NpyArray.read(file))
                .isInstanceOf(InputException.class)
                .hasMessageContaining("array.npy");
    }

    @Test
    void damagedFilesGiveOneClearErrorAndNothingElse() throws IOException {
        byte[] whole = Files.readAllBytes(file(1, header("<f4", "False", "(2, 3)"), content("<f4", 6)));
        KeyedRandom random = KeyedRandom.of(SEED, 1);
        for (int i = 0; i < 2_000; i++) {
            byte[] damaged = java.util.Arrays.copyOf(whole, i < whole.length ? i : whole.length);
            for (int flips = i < whole.length ? 0 : 1 + random.nextInt(4); flips > 0; flips--) {
                damaged[random.nextInt(damaged.length)] = (byte) random.nextInt(256);
            }
            Path file = Files.write(folder.resolve("array.npy"), damaged);
            try {
                assertThat(NpyArray.read(file).values().length)
                        .as("seed %s", SEED)
                        .isLessThanOrEqualTo(24);
            } catch (InputException expected) {
                assertThat(expected.getMessage()).contains("array.npy");
            }
        }
    }

    private static String header(String type, String columnMajor, String shape) {
        return "{'descr': '" + type + "', 'fortran_order': " + columnMajor + ", 'shape': " + shape + ", }";
    }

    /** The numbers 1, 2, 3, …, of which half precision is only asked for small ones. */
    private static byte[] content(String type, int count) {
        int bytes = type.charAt(2) - '0';
        ByteBuffer buffer = ByteBuffer.allocate(count * bytes)
                .order(type.charAt(0) == '<' ? ByteOrder.LITTLE_ENDIAN : ByteOrder.BIG_ENDIAN);
        short[] halves = {0x3C00, 0x4000, 0x4200, 0x4400, 0x4500, 0x4600};
        for (int i = 1; i <= count; i++) {
            switch (type.substring(1)) {
                case "f2" -> buffer.putShort(halves[i - 1]);
                case "f4" -> buffer.putFloat(i);
                case "f8" -> buffer.putDouble(i);
                case "i4" -> buffer.putInt(i);
                default -> buffer.putLong(i);
            }
        }
        return buffer.array();
    }

    private Path file(int version, String header, byte[] content) throws IOException {
        byte[] text = (header + "\n").getBytes(StandardCharsets.ISO_8859_1);
        ByteBuffer out = ByteBuffer.allocate((version == 1 ? 10 : 12) + text.length + content.length)
                .order(ByteOrder.LITTLE_ENDIAN);
        out.put(new byte[] {(byte) 0x93, 'N', 'U', 'M', 'P', 'Y', (byte) version, 0});
        if (version == 1) {
            out.putShort((short) text.length);
        } else {
            out.putInt(text.length);
        }
        return Files.write(
                folder.resolve("array.npy"), out.put(text).put(content).array());
    }
}
