package org.celllm.network;

import org.bytedeco.pytorch.Tensor;
import org.celllm.network.onednn.Strided.Format;

/** Where the numbers of a tensor lie. Asking libtorch costs as much as a thousand numbers: not in a loop. */
final class Address {
    private Address() {}

    /** The first number. */
    static long of(Tensor tensor) {
        return tensor.data_ptr().address();
    }

    /**
     * Rows that lie one behind the other.
     *
     * @param first address of the first
     * @param bytes of a row
     */
    record Rows(long first, long bytes) {
        long at(int row) {
            return first + row * bytes;
        }
    }

    /** Rows of {@code width} numbers of a format. */
    static Rows rows(Tensor tensor, Format format, int width) {
        return new Rows(of(tensor), (long) format.bytes() * width);
    }

    /** The same of 32-bit floats. */
    static Rows wide(Tensor tensor, int width) {
        return rows(tensor, Format.FLOAT32, width);
    }
}
