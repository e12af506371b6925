package org.celllm.data.hdf5;

import java.nio.ByteBuffer;

/** Cuts a slice of one or two dimensions out of a dataset that is in memory as a whole. */
final class CompactSlice {
    private CompactSlice() {}

    static ByteBuffer of(ByteBuffer whole, long[] shape, int bytes, long[] offset, int[] size) {
        if (shape.length > 2) {
            throw new IllegalArgumentException("more than two dimensions");
        }
        boolean flat = shape.length < 2;
        int rows = flat ? 1 : size[0];
        long firstRow = flat ? 0 : offset[0];
        int columns = shape.length == 0 ? 1 : size[size.length - 1];
        long firstColumn = shape.length == 0 ? 0 : offset[offset.length - 1];
        long width = shape.length == 0 ? 1 : shape[shape.length - 1];
        ByteBuffer cut = ByteBuffer.allocate(Math.multiplyExact(Math.multiplyExact(rows, columns), bytes));
        for (int row = 0; row < rows; row++) {
            int from = whole.position() + Math.toIntExact(((firstRow + row) * width + firstColumn) * bytes);
            ByteBuffer line = whole.duplicate();
            line.limit(from + columns * bytes).position(from);
            cut.put(line);
        }
        return cut.flip();
    }
}
