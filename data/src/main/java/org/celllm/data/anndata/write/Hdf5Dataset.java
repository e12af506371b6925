package org.celllm.data.anndata.write;

import static org.bytedeco.hdf5.global.hdf5.H5Dclose;
import static org.bytedeco.hdf5.global.hdf5.H5Dget_space;
import static org.bytedeco.hdf5.global.hdf5.H5Dset_extent;
import static org.bytedeco.hdf5.global.hdf5.H5Dwrite;
import static org.bytedeco.hdf5.global.hdf5.H5P_DEFAULT;
import static org.bytedeco.hdf5.global.hdf5.H5S_ALL;
import static org.bytedeco.hdf5.global.hdf5.H5S_SELECT_SET;
import static org.bytedeco.hdf5.global.hdf5.H5Sclose;
import static org.bytedeco.hdf5.global.hdf5.H5Sselect_hyperslab;
import static org.bytedeco.hdf5.global.hdf5.H5Tclose;

import java.io.IOException;
import org.bytedeco.javacpp.BytePointer;
import org.bytedeco.javacpp.DoublePointer;
import org.bytedeco.javacpp.FloatPointer;
import org.bytedeco.javacpp.IntPointer;
import org.bytedeco.javacpp.LongPointer;
import org.bytedeco.javacpp.Pointer;
import org.bytedeco.javacpp.PointerPointer;

/** A dataset that is written from its first row to its last, in pieces of any size. */
final class Hdf5Dataset extends Hdf5Object implements RowSink {
    /** Instead of a width: a single value. */
    static final long SCALAR = 0;
    /** Instead of a width: a list. */
    static final long LIST = -1;

    private final boolean grows;
    private final long columns;
    private long rows;

    /**
     * @param grows whether it was made empty and is extended by every piece
     * @param columns values a row of a matrix, {@link #LIST} or {@link #SCALAR}
     */
    Hdf5Dataset(long id, String path, boolean grows, long columns) {
        super(id, path);
        this.grows = grows;
        this.columns = columns;
    }

    /** Rows written so far. */
    long rows() {
        return rows;
    }

    @Override
    public void put(float[] values, int offset, int count) throws IOException {
        NativeHdf5.run(() -> {
            FloatPointer pointer = new FloatPointer(Math.max(1L, count));
            pointer.put(values, offset, count);
            put(Hdf5Types.float32(), pointer, count);
        });
    }

    /** As {@link #put(float[], int, int)}. */
    void put(int[] values, int offset, int count) throws IOException {
        NativeHdf5.run(() -> {
            IntPointer pointer = new IntPointer(Math.max(1L, count));
            pointer.put(values, offset, count);
            put(Hdf5Types.int32(), pointer, count);
        });
    }

    /** As {@link #put(float[], int, int)}. */
    void put(long[] values, int offset, int count) throws IOException {
        NativeHdf5.run(() -> {
            LongPointer pointer = new LongPointer(Math.max(1L, count));
            pointer.put(values, offset, count);
            put(Hdf5Types.int64(), pointer, count);
        });
    }

    /** As {@link #put(float[], int, int)}. */
    void put(double[] values, int offset, int count) throws IOException {
        NativeHdf5.run(() -> {
            DoublePointer pointer = new DoublePointer(Math.max(1L, count));
            pointer.put(values, offset, count);
            put(Hdf5Types.float64(), pointer, count);
        });
    }

    /** As {@link #put(float[], int, int)}, for truth values of 0 and 1. */
    void putTruths(byte[] values, int offset, int count) throws IOException {
        NativeHdf5.run(() -> {
            BytePointer pointer = new BytePointer(Math.max(1L, count));
            pointer.put(values, offset, count);
            put(Hdf5Types.truth(), pointer, count);
        });
    }

    /** Writes the next texts. */
    void put(Iterable<String> values, int count) throws IOException {
        NativeHdf5.run(() -> {
            PointerPointer<BytePointer> texts = new PointerPointer<>(Math.max(1L, count));
            int i = 0;
            for (String value : values) {
                texts.put(i++, NativeHdf5.utf8(value));
            }
            put(Hdf5Types.text(), texts, count);
        });
    }

    /** Writes; closes {@code type}. */
    private void put(long type, Pointer values, long count) throws IOException {
        String doing = "writing " + path();
        try {
            if (count == 0) {
                return;
            }
            if (columns == SCALAR) {
                NativeHdf5.check(H5Dwrite(id, type, H5S_ALL(), H5S_ALL(), H5P_DEFAULT(), values), doing);
                return;
            }
            long more = columns == LIST ? count : count / columns;
            if (grows) {
                NativeHdf5.check(H5Dset_extent(id, rows + more), doing);
            }
            long file = NativeHdf5.check(H5Dget_space(id), doing);
            try {
                long[] start = columns == LIST ? new long[] {rows} : new long[] {rows, 0};
                long[] size = columns == LIST ? new long[] {more} : new long[] {more, columns};
                long[] ones = columns == LIST ? new long[] {1} : new long[] {1, 1};
                NativeHdf5.check(H5Sselect_hyperslab(file, H5S_SELECT_SET, start, ones, size, ones.clone()), doing);
                long memory = Hdf5Types.space(count);
                try {
                    NativeHdf5.check(H5Dwrite(id, type, memory, file, H5P_DEFAULT(), values), doing);
                } finally {
                    NativeHdf5.check(H5Sclose(memory), doing);
                }
            } finally {
                NativeHdf5.check(H5Sclose(file), doing);
            }
            rows += more;
        } finally {
            NativeHdf5.check(H5Tclose(type), doing);
        }
    }

    @Override
    public void close() throws IOException {
        NativeHdf5.run(() -> {
            NativeHdf5.check(H5Dclose(id), "closing " + path());
        });
    }
}
