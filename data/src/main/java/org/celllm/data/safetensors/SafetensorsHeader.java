package org.celllm.data.safetensors;

import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import java.io.EOFException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.celllm.data.InputException;

/**
 * The checked header of a file. Every size in it is compared with the size of the file before anything is allocated.
 *
 * @param tensors by name, in the order of their bytes
 * @param metadata free text
 * @param dataStart first byte after the header
 */
record SafetensorsHeader(Map<String, TensorEntry> tensors, Map<String, String> metadata, long dataStart) {
    /** As in the reference implementation. */
    static final long LONGEST = 100_000_000;

    private static final JsonMapper JSON = JsonMapper.builder()
            .enable(JsonParser.Feature.STRICT_DUPLICATE_DETECTION)
            .enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS)
            .build();

    static SafetensorsHeader read(Path path, FileChannel channel) throws IOException {
        long size = channel.size();
        if (size < 8) {
            throw damaged(path, "header", size == 0 ? "the file is empty" : "the file has only " + size + " bytes");
        }
        ByteBuffer length = ByteBuffer.allocate(8).order(ByteOrder.LITTLE_ENDIAN);
        fill(path, channel, length, 0);
        long headerBytes = length.getLong(0);
        if (headerBytes < 2 || headerBytes > LONGEST || headerBytes > size - 8) {
            throw damaged(
                    path,
                    "byte 0",
                    "a header of " + Long.toUnsignedString(headerBytes) + " bytes is claimed, the file has " + size);
        }
        ByteBuffer text = ByteBuffer.allocate((int) headerBytes);
        fill(path, channel, text, 8);
        JsonNode root;
        try {
            root = JSON.readTree(text.array());
        } catch (JsonProcessingException e) {
            throw damaged(path, "header", "not JSON: " + e.getOriginalMessage());
        }
        if (!root.isObject()) {
            throw damaged(path, "header", "not a JSON object");
        }
        return of(path, root, 8 + headerBytes, size - 8 - headerBytes);
    }

    private static SafetensorsHeader of(Path path, JsonNode root, long dataStart, long dataBytes) {
        Map<String, String> metadata = new LinkedHashMap<>();
        List<TensorEntry> entries = new ArrayList<>();
        for (Map.Entry<String, JsonNode> field : root.properties()) {
            if (field.getKey().equals("__metadata__")) {
                field.getValue().properties().forEach(e -> {
                    if (!e.getValue().isTextual()) {
                        throw damaged(path, "__metadata__", e.getKey() + " is not text");
                    }
                    metadata.put(e.getKey(), e.getValue().textValue());
                });
            } else {
                entries.add(entry(path, field.getKey(), field.getValue(), dataBytes));
            }
        }
        entries.sort(Comparator.comparingLong(TensorEntry::begin).thenComparingLong(TensorEntry::end));
        long end = 0;
        Map<String, TensorEntry> tensors = new LinkedHashMap<>();
        for (TensorEntry entry : entries) {
            if (entry.begin() != end) {
                throw damaged(
                        path,
                        "tensor " + entry.name(),
                        entry.begin() > end
                                ? "a gap of " + (entry.begin() - end) + " bytes before it"
                                : "it overlaps the tensor before it");
            }
            end = entry.end();
            tensors.put(entry.name(), entry);
        }
        if (end != dataBytes) {
            throw damaged(path, "end of file", (dataBytes - end) + " bytes that belong to no tensor");
        }
        return new SafetensorsHeader(tensors, metadata, dataStart);
    }

    private static TensorEntry entry(Path path, String name, JsonNode node, long dataBytes) {
        String place = "tensor " + name;
        StoredType type;
        try {
            type = StoredType.valueOf(node.path("dtype").asText());
        } catch (IllegalArgumentException e) {
            throw damaged(path, place, "its type '" + node.path("dtype").asText() + "' is not one we read");
        }
        long[] shape = numbers(path, place, "shape", node.path("shape"));
        long[] range = numbers(path, place, "data_offsets", node.path("data_offsets"));
        if (range.length != 2 || range[0] > range[1] || range[1] > dataBytes) {
            throw damaged(
                    path, place, "its byte range " + node.path("data_offsets") + " leaves the file's " + dataBytes);
        }
        try {
            long bytes = Math.multiplyExact(TensorEntry.elements(shape), (long) type.bytes());
            if (bytes != range[1] - range[0]) {
                throw damaged(
                        path,
                        place,
                        type + " " + node.path("shape") + " takes " + bytes + " bytes, its range has "
                                + (range[1] - range[0]));
            }
        } catch (ArithmeticException e) {
            throw damaged(path, place, "its shape " + node.path("shape") + " is too large");
        }
        return new TensorEntry(name, type, shape, range[0], range[1]);
    }

    private static long[] numbers(Path path, String place, String field, JsonNode array) {
        if (!array.isArray()) {
            throw damaged(path, place, "it has no " + field);
        }
        long[] numbers = new long[array.size()];
        for (int i = 0; i < numbers.length; i++) {
            JsonNode number = array.get(i);
            if (!number.isIntegralNumber() || !number.canConvertToLong() || number.longValue() < 0) {
                throw damaged(path, place, field + " holds " + number);
            }
            numbers[i] = number.longValue();
        }
        return numbers;
    }

    /** Fills {@code into} from {@code position}. */
    static void fill(Path path, FileChannel channel, ByteBuffer into, long position) throws IOException {
        long at = position;
        while (into.hasRemaining()) {
            int read;
            try {
                read = channel.read(into, at);
            } catch (EOFException e) {
                read = -1;
            }
            if (read < 0) {
                throw damaged(path, "byte " + at, "the file ends before the values it describes");
            }
            at += read;
        }
    }

    static InputException damaged(Path path, String place, String found) {
        return InputException.about(path)
                .at(place)
                .found(found)
                .expected("a complete safetensors file")
                .remedy("Get or make the file again")
                .build();
    }
}
