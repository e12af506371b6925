package org.celllm.data.safetensors;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.CharBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Collections;
import java.util.Map;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import org.celllm.data.InputException;
import org.jspecify.annotations.Nullable;

/**
 * A safetensors file, open for reading. Opening reads and checks the header: names are distinct, sizes multiply
 * without overflow, byte ranges leave neither gaps nor overlaps and end where the file ends. Values are then read by
 * position, any part of any tensor, into arrays that the caller reuses; nothing is mapped into memory.
 *
 * <p>Thread safe; several threads read at once.
 */
public final class SafetensorsFile implements AutoCloseable {
    private static final int SCRATCH_BYTES = 1 << 18;

    /** Turned to floats in pieces that stay in the first cache. */
    private static final int COUNTS_AT_ONCE = 4096;

    /**
     * Buffers that no read uses at present: as many as reads were ever done at once. Outside the heap, since a read into the
     * heap goes through such a buffer of the runtime's, one a thread, and is copied once more.
     */
    private static final Queue<ByteBuffer> SCRATCH = new ConcurrentLinkedQueue<>();

    private final Path path;
    private final FileChannel channel;
    private final SafetensorsHeader header;

    private SafetensorsFile(Path path, FileChannel channel, SafetensorsHeader header) {
        this.path = path;
        this.channel = channel;
        this.header = header;
    }

    /**
     * Opens a file.
     *
     * @throws InputException when it is not there, truncated, or not a well-formed safetensors file
     */
    public static SafetensorsFile open(Path path) throws IOException {
        if (Files.isDirectory(path)) {
            throw InputException.about(path)
                    .found("is a folder")
                    .expected("a .safetensors file")
                    .build();
        }
        FileChannel channel;
        try {
            channel = FileChannel.open(path, StandardOpenOption.READ);
        } catch (NoSuchFileException e) {
            throw InputException.about(path).found("does not exist").build(e);
        }
        try {
            return new SafetensorsFile(path, channel, SafetensorsHeader.read(path, channel));
        } catch (Throwable e) {
            channel.close();
            throw e;
        }
    }

    /** The file. */
    public Path path() {
        return path;
    }

    /** Every tensor by name, in the order in which they are stored. */
    public Map<String, TensorEntry> tensors() {
        return Collections.unmodifiableMap(header.tensors());
    }

    /** Free text that the writer stored. */
    public Map<String, String> metadata() {
        return Collections.unmodifiableMap(header.metadata());
    }

    /** The tensor of that name, or {@code null}. */
    public @Nullable TensorEntry find(String name) {
        return header.tensors().get(name);
    }

    /**
     * The tensor of that name.
     *
     * @throws InputException when the file has none
     */
    public TensorEntry tensor(String name) {
        TensorEntry entry = find(name);
        if (entry == null) {
            throw InputException.about(path)
                    .at("tensor " + name)
                    .found("is not in the file, which has " + header.tensors().size() + " others")
                    .build();
        }
        return entry;
    }

    /**
     * The tensor of that name, which must be of that type.
     *
     * @throws InputException when the file has none or of another type
     */
    public TensorEntry tensor(String name, StoredType type) {
        TensorEntry entry = tensor(name);
        if (entry.type() != type) {
            throw InputException.about(path)
                    .at("tensor " + name)
                    .found("holds " + entry.type())
                    .expected(type.name())
                    .build();
        }
        return entry;
    }

    /** Where in the file the first byte of a tensor lies. */
    public long position(TensorEntry entry) {
        return header.dataStart() + entry.begin();
    }

    /**
     * Fills what remains of {@code into} with the tensor's bytes (little endian) from byte {@code firstByte} of it.
     *
     * @throws IndexOutOfBoundsException when that leaves the tensor
     */
    public void read(TensorEntry entry, long firstByte, ByteBuffer into) throws IOException {
        if (firstByte < 0 || into.remaining() > entry.end() - entry.begin() - firstByte) {
            throw new IndexOutOfBoundsException(
                    into.remaining() + " bytes from " + firstByte + " leave tensor " + entry.name());
        }
        SafetensorsHeader.fill(path, channel, into, header.dataStart() + entry.begin() + firstByte);
    }

    /** Reads {@code count} values of any floating type from element {@code first} as floats. */
    public void floats(TensorEntry entry, long first, float[] into, int offset, int count) throws IOException {
        StoredType type = entry.type();
        chunks(entry, first, count, (buffer, done, values) -> {
            int to = offset + done;
            for (int i = 0; i < values; i++) {
                into[to + i] = switch (type) {
                    case F32 -> buffer.getFloat(4 * i);
                    case F64 -> (float) buffer.getDouble(8 * i);
                    case F16 -> HalfPrecision.fromF16(buffer.getShort(2 * i));
                    case BF16 -> HalfPrecision.fromBf16(buffer.getShort(2 * i));
                    default -> throw wrongType(entry, "floating point");
                };
            }
        });
    }

    /** Reads {@code count} values of any floating type from element {@code first} as doubles. */
    public void doubles(TensorEntry entry, long first, double[] into, int offset, int count) throws IOException {
        StoredType type = entry.type();
        chunks(entry, first, count, (buffer, done, values) -> {
            int to = offset + done;
            for (int i = 0; i < values; i++) {
                into[to + i] = switch (type) {
                    case F32 -> buffer.getFloat(4 * i);
                    case F64 -> buffer.getDouble(8 * i);
                    case F16 -> HalfPrecision.fromF16(buffer.getShort(2 * i));
                    case BF16 -> HalfPrecision.fromBf16(buffer.getShort(2 * i));
                    default -> throw wrongType(entry, "floating point");
                };
            }
        });
    }

    /** Reads {@code count} 16-bit values (U16, I16, F16 or BF16 bits) from element {@code first}. */
    public void chars(TensorEntry entry, long first, char[] into, int offset, int count) throws IOException {
        requireBytes(entry, 2);
        chunks(
                entry,
                first,
                count,
                (buffer, done, values) -> buffer.asCharBuffer().get(into, offset + done, values));
    }

    /** Reads {@code count} unsigned 16-bit whole numbers from element {@code first} as floats. */
    public void counts(TensorEntry entry, long first, float[] into, int offset, int count) throws IOException {
        if (entry.type() != StoredType.U16) {
            throw wrongType(entry, "U16");
        }
        char[] piece = new char[Math.min(count, COUNTS_AT_ONCE)];
        chunks(entry, first, count, (buffer, done, values) -> {
            CharBuffer chars = buffer.asCharBuffer();
            for (int at = 0; at < values; at += piece.length) {
                int n = Math.min(piece.length, values - at);
                chars.get(piece, 0, n);
                int to = offset + done + at;
                for (int i = 0; i < n; i++) {
                    into[to + i] = piece[i];
                }
            }
        });
    }

    /** Reads {@code count} 8-bit values from element {@code first}. */
    public void bytes(TensorEntry entry, long first, byte[] into, int offset, int count) throws IOException {
        requireBytes(entry, 1);
        chunks(entry, first, count, (buffer, done, values) -> buffer.get(into, offset + done, values));
    }

    /** Reads {@code count} whole numbers of any type that fits from element {@code first}. */
    public void longs(TensorEntry entry, long first, long[] into, int offset, int count) throws IOException {
        StoredType type = entry.type();
        chunks(entry, first, count, (buffer, done, values) -> {
            int to = offset + done;
            for (int i = 0; i < values; i++) {
                into[to + i] = switch (type) {
                    case I64, U64 -> buffer.getLong(8 * i);
                    case I32 -> buffer.getInt(4 * i);
                    case U32 -> Integer.toUnsignedLong(buffer.getInt(4 * i));
                    case I16 -> buffer.getShort(2 * i);
                    case U16 -> buffer.getChar(2 * i);
                    case I8 -> buffer.get(i);
                    case U8, BOOL -> Byte.toUnsignedLong(buffer.get(i));
                    default -> throw wrongType(entry, "whole numbers");
                };
            }
        });
    }

    /**
     * A whole floating tensor as floats.
     *
     * @throws InputException when it has more values than a Java array
     */
    public float[] floats(String name) throws IOException {
        TensorEntry entry = tensor(name);
        float[] values = new float[arrayLength(entry)];
        floats(entry, 0, values, 0, values.length);
        return values;
    }

    /** A whole tensor of whole numbers as longs. */
    public long[] longs(String name) throws IOException {
        TensorEntry entry = tensor(name);
        long[] values = new long[arrayLength(entry)];
        longs(entry, 0, values, 0, values.length);
        return values;
    }

    @Override
    public void close() throws IOException {
        channel.close();
    }

    @FunctionalInterface
    private interface Chunk {
        void accept(ByteBuffer buffer, int done, int values);
    }

    private void chunks(TensorEntry entry, long first, int count, Chunk chunk) throws IOException {
        int size = entry.type().bytes();
        int atOnce = SCRATCH_BYTES / size;
        ByteBuffer idle = SCRATCH.poll();
        ByteBuffer scratch =
                idle != null ? idle : ByteBuffer.allocateDirect(SCRATCH_BYTES).order(ByteOrder.LITTLE_ENDIAN);
        try {
            for (int done = 0; done < count; done += atOnce) {
                int values = Math.min(atOnce, count - done);
                scratch.clear().limit(values * size);
                read(entry, (first + done) * size, scratch);
                scratch.flip();
                chunk.accept(scratch, done, values);
            }
        } finally {
            SCRATCH.add(scratch);
        }
    }

    private int arrayLength(TensorEntry entry) {
        if (entry.elements() > Integer.MAX_VALUE - 8) {
            throw InputException.about(path)
                    .at("tensor " + entry.name())
                    .found("has " + entry.elements() + " values")
                    .expected("fewer than 2^31")
                    .build();
        }
        return (int) entry.elements();
    }

    private void requireBytes(TensorEntry entry, int bytes) {
        if (entry.type().bytes() != bytes) {
            throw wrongType(entry, 8 * bytes + "-bit values");
        }
    }

    private InputException wrongType(TensorEntry entry, String expected) {
        return InputException.about(path)
                .at("tensor " + entry.name())
                .found("holds " + entry.type())
                .expected(expected)
                .build();
    }
}
