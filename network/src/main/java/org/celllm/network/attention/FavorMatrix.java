package org.celllm.network.attention;

import org.bytedeco.pytorch.Tensor;
import org.celllm.network.attention.FavorCopies.Lie;

/**
 * Queries, keys or values, or their gradients, and where they lie: asked of libtorch once, since every question costs as much as a
 * thousand numbers.
 *
 * @param tensor [rows, heads · headDim]; rows may lie apart, the numbers of a row not
 * @param address of the first number
 * @param rowStride numbers from one row to the next
 * @param shape of the operands
 */
record FavorMatrix(Tensor tensor, long address, int rowStride, FavorShape shape) {
    static FavorMatrix of(Tensor tensor, FavorShape shape) {
        return new FavorMatrix(tensor, tensor.data_ptr().address(), (int) tensor.stride(0), shape);
    }

    /** Address of a row and head. */
    long address(int row, int head) {
        return address + shape.format().bytes() * ((long) row * rowStride + (long) head * shape.headDim());
    }

    /** How rows and heads lie. */
    Lie lie() {
        return new Lie(shape.format(), rowStride, shape.headDim());
    }
}
