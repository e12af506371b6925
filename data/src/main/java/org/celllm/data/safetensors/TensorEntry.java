package org.celllm.data.safetensors;

import java.util.Arrays;

/**
 * One tensor of a file, as its header describes it.
 *
 * @param name the name it is stored under
 * @param type number format
 * @param shape sizes, outermost first; empty for a single number
 * @param begin first byte, counted from the end of the header
 * @param end byte after the last
 */
public record TensorEntry(String name, StoredType type, long[] shape, long begin, long end) {
    public TensorEntry {
        shape = shape.clone();
        if (begin < 0 || end < begin || end - begin != Math.multiplyExact(elements(shape), (long) type.bytes())) {
            throw new IllegalArgumentException(
                    "tensor " + name + ": " + (end - begin) + " bytes for " + type + " " + Arrays.toString(shape));
        }
    }

    @Override
    public long[] shape() {
        return shape.clone();
    }

    /** How many values. */
    public long elements() {
        return (end - begin) / type.bytes();
    }

    /**
     * The product of a shape.
     *
     * @throws ArithmeticException when it does not fit 63 bits
     */
    static long elements(long[] shape) {
        long product = 1;
        for (long size : shape) {
            if (size < 0) {
                throw new ArithmeticException("negative size");
            }
            product = Math.multiplyExact(product, size);
        }
        return product;
    }

    @Override
    public String toString() {
        return name + " " + type + " " + Arrays.toString(shape);
    }
}
