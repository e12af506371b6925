package org.celllm.network.weights;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Map;
import java.util.zip.CRC32;
import java.util.zip.ZipEntry;
import java.util.zip.ZipOutputStream;

/** Writes archives as torch.save lays them out, right ones and wrong ones. */
final class TorchArchive {
    private final ByteArrayOutputStream pickle = new ByteArrayOutputStream();

    TorchArchive() {
        raw(0x80, 2);
    }

    TorchArchive raw(int... bytes) {
        for (int b : bytes) {
            pickle.write(b);
        }
        return this;
    }

    TorchArchive name(String module, String name) {
        return raw('c').ascii(module + "\n" + name + "\n");
    }

    TorchArchive text(String text) {
        return raw('X').int32(text.length()).ascii(text);
    }

    TorchArchive integer(int value) {
        return raw('J').int32(value);
    }

    /** A tensor of one dimension. */
    TorchArchive tensor(String storageClass, String key, int elements, int size, int stride) {
        name("torch._utils", "_rebuild_tensor_v2").raw('(', '(').text("storage").name("torch", storageClass);
        text(key).text("cpu").integer(elements).raw('t', 'Q').integer(0);
        integer(size).raw(0x85).integer(stride).raw(0x85, 0x89);
        return name("collections", "OrderedDict").raw(')', 'R', 't', 'R');
    }

    /** A contiguous tensor that fills its storage. */
    TorchArchive tensor(String storageClass, String key, long... shape) {
        int elements = (int) Arrays.stream(shape).reduce(1, Math::multiplyExact);
        name("torch._utils", "_rebuild_tensor_v2").raw('(', '(').text("storage").name("torch", storageClass);
        text(key).text("cpu").integer(elements).raw('t', 'Q').integer(0).raw('(');
        for (long size : shape) {
            integer((int) size);
        }
        raw('t', '(');
        int stride = elements;
        for (long size : shape) {
            stride /= (int) size;
            integer(stride);
        }
        return raw('t', 0x89).name("collections", "OrderedDict").raw(')', 'R', 't', 'R');
    }

    byte[] pickle() {
        return pickle.toByteArray();
    }

    /** The archive, with storages by key. */
    Path write(Path file, Map<String, byte[]> storages) throws IOException {
        try (OutputStream out = Files.newOutputStream(file);
                ZipOutputStream zip = new ZipOutputStream(out)) {
            put(zip, "archive/data.pkl", pickle(), ZipEntry.STORED);
            for (Map.Entry<String, byte[]> storage : storages.entrySet()) {
                put(zip, "archive/data/" + storage.getKey(), storage.getValue(), ZipEntry.STORED);
            }
        }
        return file;
    }

    /** The archive, with one storage. */
    Path write(Path file, String prefix, int method, String key, byte[] storage) throws IOException {
        try (OutputStream out = Files.newOutputStream(file);
                ZipOutputStream zip = new ZipOutputStream(out)) {
            put(zip, prefix + "data.pkl", pickle(), ZipEntry.STORED);
            put(zip, prefix + "data/" + key, storage, method);
        }
        return file;
    }

    private static void put(ZipOutputStream zip, String name, byte[] content, int method) throws IOException {
        ZipEntry entry = new ZipEntry(name);
        entry.setMethod(method);
        if (method == ZipEntry.STORED) {
            CRC32 crc = new CRC32();
            crc.update(content);
            entry.setCrc(crc.getValue());
            entry.setSize(content.length);
        }
        zip.putNextEntry(entry);
        zip.write(content);
        zip.closeEntry();
    }

    private TorchArchive ascii(String text) {
        pickle.writeBytes(text.getBytes(StandardCharsets.US_ASCII));
        return this;
    }

    private TorchArchive int32(int value) {
        pickle.writeBytes(ByteBuffer.allocate(4)
                .order(ByteOrder.LITTLE_ENDIAN)
                .putInt(value)
                .array());
        return this;
    }
}
