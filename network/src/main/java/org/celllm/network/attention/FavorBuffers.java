package org.celllm.network.attention;

import java.util.EnumMap;
import java.util.Map;
import org.bytedeco.javacpp.FloatPointer;
import org.bytedeco.pytorch.LongOptional;
import org.bytedeco.pytorch.Tensor;
import org.celllm.network.onednn.Strided.Format;
import org.celllm.network.runtime.Native;
import org.celllm.network.runtime.TensorArrays;

/**
 * The memory of {@link FusedFavor}, kept from call to call: fresh memory would cost a page fault every 4 KB. What is
 * made larger is zero, and all that is ever written is finite, so that rows which count nowhere may be read.
 */
final class FavorBuffers implements AutoCloseable {
    /** What a buffer holds. */
    enum Use {
        FEATURES(true),
        KEY_FEATURES(true),
        /** Of {@link FavorKept}, as is the next. */
        QUERY_FEATURES(true),
        QUERY_HIGHEST(false),
        FLOW(true),
        MASK(true),
        HIGHEST(false),
        ROW_FLOW(false),
        VALUES(true),
        GRADIENTS(true),
        JOINT(false),
        VALUE_GRADIENTS(false),
        SUMS(false),
        SUM_OPERANDS(true),
        SUM_GRADIENTS(false),
        SUM_GRADIENT_OPERANDS(true);

        private final boolean operand;

        /** @param operand whether it holds operands of large products, in their format, or else 32-bit floats */
        Use(boolean operand) {
            this.operand = operand;
        }
    }

    private record Buffer(Tensor numbers, long size, long address) {}

    private final Map<Use, Buffer> buffers = new EnumMap<>(Use.class);
    private final Map<Use, Buffer> lent = new EnumMap<>(Use.class);
    private final Format operands;

    /** @param operands format of the operands of large products */
    FavorBuffers(Format operands) {
        this.operands = operands;
    }

    /** Makes sure that a buffer holds {@code size} numbers. */
    void reserve(Use use, long size) {
        Buffer had = buffers.get(use);
        if (had != null && had.size >= size) {
            return;
        }
        if (had != null) {
            had.numbers.close();
        }
        Tensor numbers = Native.scoped(() -> TensorArrays.zeros(format(use).type(), size));
        Native.keep(numbers);
        buffers.put(use, new Buffer(numbers, size, numbers.data_ptr().address()));
    }

    /**
     * Puts memory of somebody else's in the place of a buffer, until {@link #giveBack}.
     *
     * @param numbers side by side; no rows may be read of it that were not written
     */
    void lend(Use use, Tensor numbers) {
        lent.put(use, new Buffer(numbers, numbers.numel(), numbers.data_ptr().address()));
    }

    /** Ends what was lent. */
    void giveBack() {
        lent.clear();
    }

    /** The address of a buffer's number {@code index}. */
    long address(Use use, long index) {
        return buffer(use).address + index * format(use).bytes();
    }

    private Format format(Use use) {
        return use.operand ? operands : Format.FLOAT32;
    }

    /** A part of a buffer in the given shape and strides, from {@code index} on; lies in the caller's scope. */
    Tensor view(Use use, long index, long[] shape, long[] strides) {
        return buffer(use).numbers.as_strided(shape, strides, new LongOptional(index));
    }

    /** The first {@code count} numbers of a buffer of 32-bit floats. */
    void read(Use use, float[] into, int count) {
        try (FloatPointer numbers = buffer(use).numbers.data_ptr_float()) {
            numbers.get(into, 0, count);
        }
    }

    private Buffer buffer(Use use) {
        Buffer borrowed = lent.get(use);
        Buffer buffer = borrowed != null ? borrowed : buffers.get(use);
        if (buffer == null) {
            throw new IllegalStateException("no room was made for " + use);
        }
        return buffer;
    }

    @Override
    public void close() {
        buffers.values().forEach(buffer -> buffer.numbers.close());
        buffers.clear();
    }
}
