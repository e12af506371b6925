package org.celllm.data.safetensors;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.celllm.data.InputException;
import org.celllm.data.random.KeyedRandom;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class SafetensorsFileTest {
    @TempDir
    Path folder;

    @ParameterizedTest(name = "seed {0}")
    @ValueSource(longs = {1, 2, 3, 4, 5})
    void readsBackEveryPartOfWhatWasWritten(long seed) throws IOException {
        KeyedRandom random = KeyedRandom.of(seed);
        int n = 1 + random.nextInt(200_000);
        float[] floats = new float[n];
        char[] chars = new char[n];
        long[] longs = new long[n];
        double[] doubles = new double[n];
        byte[] bytes = new byte[n];
        for (int i = 0; i < n; i++) {
            floats[i] = random.nextFloat();
            chars[i] = (char) random.nextInt(65_536);
            longs[i] = random.nextLong();
            doubles[i] = random.nextDouble();
            bytes[i] = (byte) random.nextInt();
        }
        Path file = folder.resolve("some.safetensors");
        SafetensorsWriter.Written written = SafetensorsWriter.write(
                file,
                Map.of("made", "for a test"),
                List.of(
                        TensorSource.of("bytes", bytes, n),
                        TensorSource.of("floats", floats, n, 1),
                        TensorSource.of("chars", chars, n),
                        TensorSource.of("doubles", doubles, n),
                        TensorSource.of("longs", longs, n)));

        assertThat(Files.size(file)).isEqualTo(written.bytes());
        try (SafetensorsFile open = SafetensorsFile.open(file)) {
            assertThat(open.metadata()).containsExactly(Map.entry("made", "for a test"));
            assertThat(open.tensor("floats").shape()).containsExactly(n, 1);
            assertThat(open.floats("floats")).isEqualTo(floats);
            assertThat(open.longs("longs")).isEqualTo(longs);
            int first = random.nextInt(n);
            int count = random.nextInt(n - first + 1);
            char[] someChars = new char[count];
            open.chars(open.tensor("chars"), first, someChars, 0, count);
            float[] someCounts = new float[count + 1];
            open.counts(open.tensor("chars"), first, someCounts, 1, count);
            assertThat(someCounts[0]).isZero();
            double[] someDoubles = new double[count];
            open.doubles(open.tensor("doubles"), first, someDoubles, 0, count);
            byte[] someBytes = new byte[count];
            open.bytes(open.tensor("bytes"), first, someBytes, 0, count);
            for (int i = 0; i < count; i++) {
                assertThat(someChars[i]).isEqualTo(chars[first + i]);
                assertThat(someCounts[1 + i]).isEqualTo(chars[first + i]);
                assertThat(someDoubles[i]).isEqualTo(doubles[first + i]);
                assertThat(someBytes[i]).isEqualTo(bytes[first + i]);
            }
            for (TensorEntry entry : open.tensors().values()) {
                assertThat(entry.begin() % entry.type().bytes()).isZero();
            }
        }
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            value = {
                "not JSON | [1",
                "not JSON | {\"a\":1,\"a\":2}",
                "not a JSON object | [1,2]",
                "no shape | {\"a\":{\"dtype\":\"F32\",\"data_offsets\":[0,8]}}",
                "'Q7' is not one we read | {\"a\":{\"dtype\":\"Q7\",\"shape\":[2],\"data_offsets\":[0,8]}}",
                "takes 12 bytes | {\"a\":{\"dtype\":\"F32\",\"shape\":[3],\"data_offsets\":[0,8]}}",
                "leaves the file | {\"a\":{\"dtype\":\"F32\",\"shape\":[4],\"data_offsets\":[0,16]}}",
                "too large | {\"a\":{\"dtype\":\"F32\",\"shape\":[4611686018427387904,4],\"data_offsets\":[0,0]}}",
                "shape holds -2 | {\"a\":{\"dtype\":\"F32\",\"shape\":[-2],\"data_offsets\":[0,8]}}",
                "shape holds 1.5 | {\"a\":{\"dtype\":\"F32\",\"shape\":[1.5],\"data_offsets\":[0,8]}}",
                "a gap of 4 bytes | {\"a\":{\"dtype\":\"F32\",\"shape\":[1],\"data_offsets\":[4,8]}}",
                "belong to no tensor | {\"a\":{\"dtype\":\"F32\",\"shape\":[1],\"data_offsets\":[0,4]}}",
                "overlaps | {\"a\":{\"dtype\":\"F32\",\"shape\":[2],\"data_offsets\":[0,8]},"
                        + "\"b\":{\"dtype\":\"F32\",\"shape\":[1],\"data_offsets\":[4,8]}}",
                "not text | {\"__metadata__\":{\"a\":1}}",
            })
    void refusesAHeaderThatLies(String complaint, String header) throws IOException {
        Path file = raw(header, new byte[8]);

        assertThatThrownBy(() -> SafetensorsFile.open(file))
                .isInstanceOf(InputException.class)
                .hasMessageContaining(complaint)
                .hasMessageContaining(file.toString());
    }

    @Test
    void refusesAHeaderLargerThanTheFileWithoutAllocatingIt() throws IOException {
        Path file = folder.resolve("huge.safetensors");
        Files.write(file, new byte[] {-1, -1, -1, 5, 0, 0, 0, 0, '{', '}'});

        assertThatThrownBy(() -> SafetensorsFile.open(file))
                .isInstanceOf(InputException.class)
                .hasMessageContaining("is claimed");
    }

    @Test
    void refusesEveryTruncationOfAFile() throws IOException {
        Path whole = folder.resolve("whole.safetensors");
        SafetensorsWriter.write(whole, Map.of(), List.of(TensorSource.of("a", new float[] {1, 2, 3}, 3)));
        byte[] bytes = Files.readAllBytes(whole);
        for (int length = 0; length < bytes.length; length++) {
            Path cut = folder.resolve("cut.safetensors");
            Files.write(cut, java.util.Arrays.copyOf(bytes, length));
            assertThatThrownBy(() -> SafetensorsFile.open(cut)).isInstanceOf(InputException.class);
        }
    }

    @Test
    void survivesRandomDamageWithAnInputErrorOrARightReading() throws IOException {
        Path whole = folder.resolve("whole.safetensors");
        SafetensorsWriter.write(whole, Map.of("k", "v"), List.of(TensorSource.of("a", new float[] {1, 2, 3}, 3)));
        byte[] bytes = Files.readAllBytes(whole);
        KeyedRandom random = KeyedRandom.of(11);
        for (int trial = 0; trial < 2_000; trial++) {
            byte[] damaged = bytes.clone();
            for (int i = 0; i <= random.nextInt(3); i++) {
                damaged[random.nextInt(damaged.length)] = (byte) random.nextInt();
            }
            Path file = folder.resolve("damaged.safetensors");
            Files.write(file, damaged);
            try (SafetensorsFile open = SafetensorsFile.open(file)) {
                assertThat(open.tensors()).hasSize(1);
            } catch (InputException expected) {
                assertThat(expected).hasMessageContaining("safetensors");
            }
        }
    }

    @Test
    void readsHalfPrecision() throws IOException {
        ByteBuffer values = ByteBuffer.allocate(8).order(ByteOrder.LITTLE_ENDIAN);
        values.putShort((short) 0x3c00).putShort((short) 0xc000); // F16: 1, −2
        values.putShort((short) 0x3f80).putShort((short) 0xc000); // BF16: 1, −2
        Path file = raw(
                "{\"h\":{\"dtype\":\"F16\",\"shape\":[2],\"data_offsets\":[0,4]},"
                        + "\"b\":{\"dtype\":\"BF16\",\"shape\":[2],\"data_offsets\":[4,8]}}",
                values.array());

        try (SafetensorsFile open = SafetensorsFile.open(file)) {
            assertThat(open.floats("h")).containsExactly(1, -2);
            assertThat(open.floats("b")).containsExactly(1, -2);
        }
        assertThat(HalfPrecision.fromF16((short) 1)).isEqualTo(0x1.0p-24f);
        assertThat(HalfPrecision.fromBf16(HalfPrecision.toBf16(3.140625f))).isEqualTo(3.140625f);
    }

    private Path raw(String header, byte[] data) throws IOException {
        byte[] text = header.getBytes(StandardCharsets.UTF_8);
        ByteBuffer all = ByteBuffer.allocate(8 + text.length + data.length).order(ByteOrder.LITTLE_ENDIAN);
        all.putLong(text.length).put(text).put(data);
        Path file = folder.resolve("raw.safetensors");
        Files.write(file, all.array());
        return file;
    }
}
