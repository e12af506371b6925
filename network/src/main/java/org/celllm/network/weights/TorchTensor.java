package org.celllm.network.weights;

import java.util.Arrays;
import org.bytedeco.pytorch.global.torch.ScalarType;

/**
 * A tensor of a PyTorch archive: where its numbers lie and how they are laid out.
 *
 * @param storage the archive's name for the raw numbers
 * @param type number format
 * @param first element of the storage that comes first
 * @param shape sizes; empty for a single number
 * @param strides elements between neighbours, per dimension
 */
record TorchTensor(String storage, ScalarType type, long first, long[] shape, long[] strides) {
    TorchTensor {
        if (shape.length != strides.length || shape.length > 8) {
            throw new IllegalArgumentException(
                    "a tensor of " + shape.length + " sizes and " + strides.length + " strides");
        }
        for (int i = 0; i < shape.length; i++) {
            if (shape[i] < 0 || strides[i] < 0) {
                throw new IllegalArgumentException("a tensor with a negative size or stride");
            }
        }
        if (first < 0) {
            throw new IllegalArgumentException("a tensor that starts before its storage");
        }
    }

    /**
     * How many numbers.
     *
     * @throws ArithmeticException when that does not fit 63 bits
     */
    long elements() {
        long count = 1;
        for (long size : shape) {
            count = Math.multiplyExact(count, size);
        }
        return count;
    }

    /**
     * Elements of the storage that it needs.
     *
     * @throws ArithmeticException when that does not fit 63 bits
     */
    long reach() {
        if (elements() == 0) {
            return 0;
        }
        long last = first;
        for (int i = 0; i < shape.length; i++) {
            last = Math.addExact(last, Math.multiplyExact(shape[i] - 1, strides[i]));
        }
        return last + 1;
    }

    @Override
    public String toString() {
        return type + " " + Arrays.toString(shape);
    }
}
