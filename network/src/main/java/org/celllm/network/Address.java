package org.celllm.network;

import org.bytedeco.pytorch.Tensor;
import org.celllm.network.onednn.Strided.Format;

/** Where the numbers of a tensor lie. */
final class Address {
    private Address() {}

    /** The first number. */
    static long of(Tensor tensor) {
        return tensor.data_ptr().address();
    }

    /** A row of {@code width} numbers of a format, of a tensor whose rows lie one behind the other. */
    static long of(Tensor tensor, Format format, int row, int width) {
        return of(tensor) + (long) format.bytes() * row * width;
    }

    /** The same of 32-bit floats. */
    static long wide(Tensor tensor, int row, int width) {
        return of(tensor, Format.FLOAT32, row, width);
    }
}
