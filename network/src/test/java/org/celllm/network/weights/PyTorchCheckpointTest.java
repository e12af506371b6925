package org.celllm.network.weights;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.zip.ZipEntry;
import org.bytedeco.pytorch.Tensor;
import org.celllm.data.InputException;
import org.celllm.data.random.KeyedRandom;
import org.celllm.network.runtime.Native;
import org.celllm.network.runtime.TensorArrays;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class PyTorchCheckpointTest {
    private static final byte[] SIX = ByteBuffer.allocate(24)
            .order(ByteOrder.LITTLE_ENDIAN)
            .putFloat(1)
            .putFloat(2)
            .putFloat(3)
            .putFloat(4)
            .putFloat(5)
            .putFloat(6)
            .array();

    @TempDir
    Path folder;

    @ParameterizedTest
    @ValueSource(strings = {"archive/", "some.name/", ""})
    void tensorsAreReadWhateverTheArchiveIsCalled(String prefix) throws IOException {
        Path file = checkpoint("FloatStorage", 6, 3, 2).write(path(), prefix, ZipEntry.STORED, "0", SIX);
        try (PyTorchCheckpoint checkpoint = PyTorchCheckpoint.open(file)) {
            assertThat(checkpoint.shapes()).containsOnlyKeys("w");
            Native.run(
                    () -> assertThat(TensorArrays.floats(read(checkpoint, "w"))).containsExactly(1, 3, 5));
            assertThatThrownBy(() -> checkpoint.read("v")).isInstanceOf(InputException.class);
        }
    }

    @ParameterizedTest
    @CsvSource({"HalfStorage, 12", "BFloat16Storage, 12", "DoubleStorage, 3", "LongStorage, 3", "ByteStorage, 24"})
    void everyNumberFormatIsRead(String storage, int elements) throws IOException {
        Path file = checkpoint(storage, elements, elements, 1).write(path(), "a/", ZipEntry.STORED, "0", SIX);
        try (PyTorchCheckpoint checkpoint = PyTorchCheckpoint.open(file)) {
            Native.run(() -> assertThat(read(checkpoint, "w").numel()).isEqualTo(elements));
        }
    }

    @ParameterizedTest
    @CsvSource({
        "os, system",
        "builtins, eval",
        "torch, load",
        "torch.nn.modules.linear, Linear",
        "collections, Counter",
        "numpy.core.multiarray, _reconstruct"
    })
    void whatAsksForMoreThanTensorsIsRefusedByName(String module, String name) throws IOException {
        TorchArchive archive = new TorchArchive()
                .name(module, name)
                .raw('(')
                .text("touch here")
                .raw('t', 'R', '.');
        Path file = archive.write(path(), "a/", ZipEntry.STORED, "0", SIX);
        assertThatThrownBy(() -> PyTorchCheckpoint.open(file))
                .isInstanceOf(InputException.class)
                .hasMessageContaining(module + "." + name);
    }

    @ParameterizedTest
    @CsvSource({"7, 1", "2, 6", "2147483647, 1", "3, 2147483647", "1000000, 0", "-1, 1"})
    void aTensorMayNotClaimMoreThanItsStorageHolds(int size, int stride) throws IOException {
        Path file = checkpoint("FloatStorage", 1 << 30, size, stride).write(path(), "a/", ZipEntry.STORED, "0", SIX);
        assertThatThrownBy(() -> PyTorchCheckpoint.open(file)).isInstanceOf(InputException.class);
    }

    @Test
    void tensorsMayShareNumbersButNotClaimManyTimesTheFile() throws IOException {
        for (int tensors : new int[] {2, 2_000}) {
            TorchArchive archive = new TorchArchive().raw('}', '(');
            for (int i = 0; i < tensors; i++) {
                archive.text("w" + i).tensor("FloatStorage", "0", 20_000);
            }
            Path file = archive.raw('u', '.').write(path(), Map.of("0", new byte[80_000]));
            if (tensors == 2) {
                PyTorchCheckpoint.open(file).close();
            } else {
                assertThatThrownBy(() -> PyTorchCheckpoint.open(file))
                        .isInstanceOf(InputException.class)
                        .hasMessageContaining("claims 160000000 bytes");
            }
        }
    }

    @Test
    void compressedArchivesAndOtherFilesAreExplained() throws IOException {
        Path deflated = checkpoint("FloatStorage", 6, 6, 1).write(path(), "a/", ZipEntry.DEFLATED, "0", new byte[9999]);
        assertThatThrownBy(() -> PyTorchCheckpoint.open(deflated)).hasMessageContaining("compressed");
        Path legacy = Files.write(folder.resolve("old.pth"), new byte[] {(byte) 0x80, 2, (byte) 0x8A, 10});
        assertThatThrownBy(() -> PyTorchCheckpoint.open(legacy)).hasMessageContaining("before 1.6");
        Path text = Files.writeString(folder.resolve("text.pth"), "hello");
        assertThatThrownBy(() -> PyTorchCheckpoint.open(text)).hasMessageContaining("not a PyTorch checkpoint");
        assertThatThrownBy(() -> PyTorchCheckpoint.open(folder)).hasMessageContaining("is not a file");
        Path empty = Files.write(folder.resolve("empty.pth"), new byte[0]);
        assertThatThrownBy(() -> PyTorchCheckpoint.open(empty)).isInstanceOf(InputException.class);
    }

    @Test
    void damagedFilesGiveOneClearErrorAndNothingElse() throws IOException {
        byte[] whole =
                Files.readAllBytes(checkpoint("FloatStorage", 6, 3, 2).write(path(), "a/", ZipEntry.STORED, "0", SIX));
        KeyedRandom random = KeyedRandom.of(20);
        for (int i = 0; i < 3000; i++) {
            byte[] damaged = i % 3 == 0 ? java.util.Arrays.copyOf(whole, random.nextInt(whole.length)) : whole.clone();
            for (int flips = random.nextInt(4); flips >= 0 && damaged.length > 0; flips--) {
                damaged[random.nextInt(damaged.length)] = (byte) random.nextInt(256);
            }
            Path file = Files.write(folder.resolve("damaged.pth"), damaged);
            try (PyTorchCheckpoint checkpoint = PyTorchCheckpoint.open(file)) {
                Native.run(() -> checkpoint.shapes().keySet().forEach(name -> read(checkpoint, name)));
            } catch (InputException expected) {
                assertThat(expected.getMessage()).contains("damaged.pth");
            }
        }
    }

    @Test
    void numbersThatAreNotThoseThatWereWrittenAreNotRead() throws IOException {
        Path file = checkpoint("FloatStorage", 6, 3, 2).write(path(), "a/", ZipEntry.STORED, "0", SIX);
        byte[] bytes = Files.readAllBytes(file);
        int at = new String(bytes, java.nio.charset.StandardCharsets.ISO_8859_1)
                .indexOf(new String(SIX, java.nio.charset.StandardCharsets.ISO_8859_1));
        assertThat(at).isPositive();
        bytes[at + 5] ^= 1;
        Path changed = Files.write(folder.resolve("changed.pth"), bytes);
        try (PyTorchCheckpoint checkpoint = PyTorchCheckpoint.open(changed)) {
            String name = checkpoint.shapes().keySet().iterator().next();
            assertThatThrownBy(() -> Native.run(() -> read(checkpoint, name)))
                    .isInstanceOf(InputException.class)
                    .hasMessageContaining("changed.pth")
                    .hasMessageContaining("checksum");
        }
    }

    /** As torch.serialization.set_crc32_options(False) leaves them. */
    @Test
    void checkpointsThatWereSavedWithoutChecksumsAreRead() throws IOException {
        Path file = checkpoint("FloatStorage", 6, 3, 2).write(path(), "a/", ZipEntry.STORED, "0", SIX);
        byte[] bytes = Files.readAllBytes(file);
        int entries = 0;
        for (int at = 0; at < bytes.length - 20; at++) {
            if (bytes[at] == 'P' && bytes[at + 1] == 'K' && bytes[at + 2] == 1 && bytes[at + 3] == 2) {
                java.util.Arrays.fill(bytes, at + 16, at + 20, (byte) 0);
                entries++;
            }
        }
        assertThat(entries).isGreaterThan(1);
        try (PyTorchCheckpoint checkpoint = PyTorchCheckpoint.open(Files.write(folder.resolve("none.pth"), bytes))) {
            String name = checkpoint.shapes().keySet().iterator().next();
            Native.run(() ->
                    assertThat(TensorArrays.floats(read(checkpoint, name))).containsExactly(1, 3, 5));
        }
    }

    @Test
    void damagedPicklesGiveOneClearError() {
        byte[] whole = checkpoint("FloatStorage", 6, 3, 2).pickle();
        KeyedRandom random = KeyedRandom.of(21);
        for (int i = 0; i < 20_000; i++) {
            byte[] damaged = whole.clone();
            for (int flips = random.nextInt(5); flips >= 0; flips--) {
                damaged[random.nextInt(damaged.length)] = (byte) random.nextInt(256);
            }
            try {
                PickleReader.read(Path.of("x.pth"), damaged, new TorchCalls());
            } catch (InputException expected) {
                assertThat(expected.getMessage()).startsWith("x.pth");
            }
        }
    }

    private static Tensor read(PyTorchCheckpoint checkpoint, String name) {
        try {
            return checkpoint.read(name);
        } catch (IOException e) {
            throw new java.io.UncheckedIOException(e);
        }
    }

    private Path path() {
        return folder.resolve("checkpoint.pth");
    }

    private static TorchArchive checkpoint(String storage, int elements, int size, int stride) {
        return new TorchArchive()
                .raw('}')
                .text("state_dict")
                .raw('}')
                .text("w")
                .tensor(storage, "0", elements, size, stride)
                .raw('s', 's', '.');
    }
}
