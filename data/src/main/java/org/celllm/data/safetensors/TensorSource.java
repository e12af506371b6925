package org.celllm.data.safetensors;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;

/**
 * A tensor to be written: what it is, and how to get its bytes when its turn comes.
 *
 * @param name the name to store it under
 * @param type number format
 * @param shape sizes, outermost first
 * @param content gives the bytes
 */
public record TensorSource(String name, StoredType type, long[] shape, Content content) {
    private static final int CHUNK = 1 << 16;

    public TensorSource {
        shape = shape.clone();
        if (name.equals("__metadata__")) {
            throw new IllegalArgumentException("__metadata__ is not a name for a tensor");
        }
    }

    @Override
    public long[] shape() {
        return shape.clone();
    }

    /** Bytes it takes. */
    public long bytes() {
        return Math.multiplyExact(TensorEntry.elements(shape), (long) type.bytes());
    }

    /** Gives a tensor's bytes, in little endian, in as many pieces as it likes. */
    @FunctionalInterface
    public interface Content {
        /** Hands every piece to {@code out} in order. */
        void writeTo(Sink out) throws IOException;
    }

    /** Takes pieces. */
    @FunctionalInterface
    public interface Sink {
        /** Takes what remains of {@code piece}. */
        void accept(ByteBuffer piece) throws IOException;
    }

    /** The first {@code count} floats as F32. */
    public static TensorSource of(String name, float[] values, int count) {
        return floats(name, values, count, new long[] {count});
    }

    /** Floats as F32. */
    public static TensorSource of(String name, float[] values, long... shape) {
        return floats(name, values, values.length, shape);
    }

    private static TensorSource floats(String name, float[] values, int count, long[] shape) {
        return new TensorSource(name, StoredType.F32, shape, out -> {
            ByteBuffer buffer = buffer();
            for (int i = 0; i < count; i += CHUNK) {
                int n = Math.min(CHUNK, count - i);
                buffer.asFloatBuffer().put(values, i, n);
                out.accept(buffer.clear().limit(4 * n));
                buffer.clear();
            }
        });
    }

    /** Doubles as F64. */
    public static TensorSource of(String name, double[] values, long... shape) {
        return new TensorSource(name, StoredType.F64, shape, out -> {
            ByteBuffer buffer = buffer();
            for (int i = 0; i < values.length; i += CHUNK) {
                int n = Math.min(CHUNK, values.length - i);
                buffer.asDoubleBuffer().put(values, i, n);
                out.accept(buffer.clear().limit(8 * n));
                buffer.clear();
            }
        });
    }

    /** Longs as I64. */
    public static TensorSource of(String name, long[] values, long... shape) {
        return new TensorSource(name, StoredType.I64, shape, out -> {
            ByteBuffer buffer = buffer();
            for (int i = 0; i < values.length; i += CHUNK) {
                int n = Math.min(CHUNK, values.length - i);
                buffer.asLongBuffer().put(values, i, n);
                out.accept(buffer.clear().limit(8 * n));
                buffer.clear();
            }
        });
    }

    /** The first {@code count} ints as I32. */
    public static TensorSource of(String name, int[] values, int count) {
        return new TensorSource(name, StoredType.I32, new long[] {count}, out -> {
            ByteBuffer buffer = buffer();
            for (int i = 0; i < count; i += CHUNK) {
                int n = Math.min(CHUNK, count - i);
                buffer.asIntBuffer().put(values, i, n);
                out.accept(buffer.clear().limit(4 * n));
                buffer.clear();
            }
        });
    }

    /** The first {@code count} chars as U16. */
    public static TensorSource of(String name, char[] values, int count) {
        return new TensorSource(name, StoredType.U16, new long[] {count}, out -> {
            ByteBuffer buffer = buffer();
            for (int i = 0; i < count; i += CHUNK) {
                int n = Math.min(CHUNK, count - i);
                buffer.asCharBuffer().put(values, i, n);
                out.accept(buffer.clear().limit(2 * n));
                buffer.clear();
            }
        });
    }

    /** The first {@code count} bytes as U8. */
    public static TensorSource of(String name, byte[] values, int count) {
        return new TensorSource(name, StoredType.U8, new long[] {count}, out -> {
            out.accept(ByteBuffer.wrap(values, 0, count));
        });
    }

    private static ByteBuffer buffer() {
        return ByteBuffer.allocate(8 * CHUNK).order(ByteOrder.LITTLE_ENDIAN);
    }
}
