package org.celllm.network;

import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.zip.ZipEntry;
import java.util.zip.ZipInputStream;

/** A NumPy array of floats or integers, for comparing with reference figures. */
record NpyArray(int[] shape, double[] values) {
    static NpyArray read(Path path) throws IOException {
        return parse(Files.readAllBytes(path));
    }

    /** All arrays of an .npz, by name. */
    static Map<String, NpyArray> readAll(Path path) throws IOException {
        Map<String, NpyArray> arrays = new LinkedHashMap<>();
        try (InputStream in = Files.newInputStream(path);
                ZipInputStream zip = new ZipInputStream(in)) {
            for (ZipEntry entry = zip.getNextEntry(); entry != null; entry = zip.getNextEntry()) {
                arrays.put(entry.getName().replaceFirst("\\.npy$", ""), parse(zip.readAllBytes()));
            }
        }
        return arrays;
    }

    /** The values of {@code values[row]} of an array of at least two dimensions. */
    double[] row(int row) {
        int length = values.length / shape[0];
        return Arrays.copyOfRange(values, row * length, (row + 1) * length);
    }

    private static NpyArray parse(byte[] bytes) {
        ByteBuffer buffer = ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN);
        int length = bytes[6] == 1 ? buffer.getShort(8) & 0xFFFF : buffer.getInt(8);
        int start = (bytes[6] == 1 ? 10 : 12) + length;
        String header = new String(bytes, start - length, length, StandardCharsets.ISO_8859_1);
        String type = header.replaceAll("(?s).*'descr': '([^']*)'.*", "$1");
        int[] shape = Arrays.stream(header.replaceAll("(?s).*'shape': \\(([^)]*)\\).*", "$1")
                        .split(","))
                .map(String::trim)
                .filter(size -> !size.isEmpty())
                .mapToInt(Integer::parseInt)
                .toArray();
        double[] values = new double[Arrays.stream(shape).reduce(1, Math::multiplyExact)];
        buffer.position(start);
        for (int i = 0; i < values.length; i++) {
            values[i] = switch (type) {
                case "<f4" -> buffer.getFloat();
                case "<f8" -> buffer.getDouble();
                case "<i8" -> buffer.getLong();
                case "<i4" -> buffer.getInt();
                default -> throw new IllegalArgumentException("a test array of type " + type);
            };
        }
        return new NpyArray(shape, values);
    }
}
