package org.celllm.data.hdf5;

import io.jhdf.api.Dataset;
import io.jhdf.api.dataset.ChunkedDataset;
import io.jhdf.dataset.DatasetBase;
import io.jhdf.object.message.DataLayout;
import java.nio.ByteBuffer;
import java.util.Arrays;
import org.celllm.data.InputException;

/** A dataset of an {@link Hdf5File}: its shape and type, and slices of it at any place, also past 2³¹ elements. */
public final class Hdf5Dataset {
    /** The most that compression shrinks: deflate packs 1032 bytes into one at best. */
    private static final long DENSEST = 1100;

    private static final long SMALL = 1L << 20;

    private final Hdf5File file;
    private final DatasetBase dataset;
    private final String place;
    private final ElementType type;
    private final long[] shape;
    private final int[] chunk;
    private final boolean empty;

    private Hdf5Dataset(Hdf5File file, DatasetBase dataset, String place) {
        this.file = file;
        this.dataset = dataset;
        this.place = place;
        this.type = ElementType.of(dataset.getDataType());
        this.shape = dataset.isScalar() ? new long[0] : dataset.getDimensionsAsLong();
        this.chunk = dataset instanceof ChunkedDataset chunked ? chunked.getChunkDimensions() : new int[0];
        // Reading the filters here names a missing one before any value is asked for.
        dataset.getFilters();
        this.empty = elements(shape) == 0 || dataset.isEmpty();
    }

    static Hdf5Dataset of(Hdf5File file, Dataset dataset, String place) {
        Hdf5Dataset made =
                Hdf5Boundary.guard(file.path(), place, () -> new Hdf5Dataset(file, (DatasetBase) dataset, place));
        made.requireClaimsFit();
        return made;
    }

    /** Its file. */
    public Hdf5File file() {
        return file;
    }

    /** Where it stands: {@code "/X/data"}. */
    public String place() {
        return place;
    }

    /** The stored type of its elements. */
    public ElementType type() {
        return type;
    }

    /** Its dimensions; none for a scalar. */
    public long[] shape() {
        return shape.clone();
    }

    /** How many elements. */
    public long elements() {
        return elements(shape);
    }

    /** The dimensions of a chunk; none when it is not stored in chunks. */
    public int[] chunk() {
        return chunk.clone();
    }

    /** Its attributes. */
    public Hdf5Attributes attributes() {
        return new Hdf5Attributes(file, dataset, place);
    }

    /** The library's dataset, for strings and compounds. */
    DatasetBase library() {
        return dataset;
    }

    /** Whether no value was ever written: every element is the fill value, zero. */
    boolean unwritten() {
        return empty;
    }

    /** An error about this dataset. */
    public InputException.Builder error() {
        return InputException.about(file.path()).at(place);
    }

    /**
     * Its length when it has one dimension.
     *
     * @throws InputException when it has more, or fewer
     */
    public long length() {
        if (shape.length != 1) {
            throw error().found("has the shape " + Arrays.toString(shape))
                    .expected("one dimension")
                    .build();
        }
        return shape[0];
    }

    /**
     * The raw bytes of a slice, in the file's byte order.
     *
     * @param offset first element by dimension
     * @param size elements by dimension; their bytes must fit an array
     */
    ByteBuffer slice(long[] offset, int[] size) {
        long bytes = type.bytes();
        for (int extent : size) {
            bytes = Math.multiplyExact(bytes, (long) extent);
        }
        int total = Math.toIntExact(bytes);
        if (empty || total == 0) {
            return ByteBuffer.allocate(total);
        }
        ByteBuffer raw = Hdf5Boundary.guard(file.path(), place, () -> {
            if (dataset.getDataLayout() == DataLayout.COMPACT) {
                // Compact data is at most 64 KB and has no slices of its own.
                return CompactSlice.of(dataset.getDataBuffer(), shape, type.bytes(), offset, size);
            }
            return dataset.getSliceDataBuffer(offset, size);
        });
        if (raw.remaining() < total) {
            throw error().found("holds fewer values than it says")
                    .remedy("The file is damaged: copy or download it again")
                    .build();
        }
        return raw;
    }

    private void requireClaimsFit() {
        long chunkBytes = type.bytes();
        for (int extent : chunk) {
            chunkBytes = extent > 0 && chunkBytes <= Long.MAX_VALUE / extent ? chunkBytes * extent : Long.MAX_VALUE;
        }
        long elements = elements(shape);
        boolean contiguous = chunk.length == 0 && !empty;
        boolean fits = elements >= 0
                && (!contiguous || elements <= file.size() / Math.max(1, type.bytes()))
                && (chunk.length == 0
                        || (chunkBytes <= Integer.MAX_VALUE - 64L
                                && (empty || chunkBytes <= Math.max(SMALL, DENSEST * file.size()))));
        if (!fits) {
            throw error().found("claims " + Arrays.toString(shape) + " values of " + type.bytes() + " bytes"
                            + (chunk.length == 0 ? "" : " in chunks of " + Arrays.toString(chunk))
                            + ", more than a file of " + file.size() + " bytes can hold")
                    .remedy("The file is damaged or cut: copy or download it again")
                    .build();
        }
    }

    /**
     * Fails when the whole dataset, uncompressed, is more than the file can hold: for what is read as a whole.
     */
    void requireWholeFits() {
        long bytes = elements(shape) > Long.MAX_VALUE / Math.max(1, type.bytes())
                ? Long.MAX_VALUE
                : elements(shape) * type.bytes();
        if (bytes > Math.max(SMALL, DENSEST * file.size()) || elements(shape) > Integer.MAX_VALUE - 64) {
            throw error().found("claims " + Arrays.toString(shape) + " values, more than a file of " + file.size()
                            + " bytes can hold")
                    .remedy("The file is damaged: copy or download it again")
                    .build();
        }
    }

    private static long elements(long[] shape) {
        long product = 1;
        for (long extent : shape) {
            if (extent < 0) {
                return -1;
            }
            if (extent != 0 && product > Long.MAX_VALUE / extent) {
                return Long.MAX_VALUE;
            }
            product *= extent;
        }
        return product;
    }
}
