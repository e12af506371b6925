package org.celllm.data.hdf5;

import io.jhdf.api.dataset.ChunkedDataset;
import io.jhdf.dataset.DatasetBase;
import io.jhdf.dataset.DatasetReader;
import io.jhdf.filter.PipelineFilterWithData;
import java.nio.ByteBuffer;
import java.util.zip.DataFormatException;
import java.util.zip.Inflater;
import org.jspecify.annotations.Nullable;

/**
 * Strings of variable length under a shuffle filter, as R writes them. HDF5 leaves such data unshuffled although the
 * filter is listed (it has no element size then), which the library takes for damage.
 */
final class UnshuffledStrings {
    /** Bytes of a reference into the heap where the strings are. */
    private static final int REFERENCE = 16;

    private UnshuffledStrings() {}

    /** Whether the dataset is stored so. */
    static boolean suits(DatasetBase dataset) {
        return dataset instanceof ChunkedDataset
                && dataset.getDimensionsAsLong().length == 1
                && dataset.getDataType().getSize() == REFERENCE
                && shuffle(dataset) != null;
    }

    private static @Nullable PipelineFilterWithData shuffle(DatasetBase dataset) {
        for (PipelineFilterWithData filter : dataset.getFilters()) {
            if (filter.getName().equals("shuffle") && filter.getFilterData().length == 0) {
                return filter;
            }
        }
        return null;
    }

    /** All strings; the caller has checked that they fit in memory. */
    static Object read(DatasetBase dataset) {
        int count = Math.toIntExact(dataset.getSize());
        ChunkedDataset chunked = (ChunkedDataset) dataset;
        int chunk = chunked.getChunkDimensions()[0];
        boolean deflated =
                dataset.getFilters().stream().anyMatch(f -> f.getName().equals("deflate"));
        ByteBuffer references = ByteBuffer.allocate(Math.multiplyExact(count, REFERENCE));
        byte[] plain = new byte[Math.multiplyExact(chunk, REFERENCE)];
        for (int from = 0; from < count; from += chunk) {
            ByteBuffer raw = chunked.getRawChunkBuffer(new int[] {from});
            int wanted = Math.min(chunk, count - from) * REFERENCE;
            // A chunk that did not shrink is stored as it is.
            if (deflated && raw.remaining() != plain.length) {
                inflate(raw, plain);
                references.put(plain, 0, wanted);
            } else {
                byte[] bytes = new byte[wanted];
                raw.get(bytes);
                references.put(bytes);
            }
        }
        references.flip().order(java.nio.ByteOrder.LITTLE_ENDIAN);
        return DatasetReader.readDataset(
                dataset.getDataType(),
                references,
                new int[] {count},
                dataset.getHdfFile().getHdfBackingStorage());
    }

    private static void inflate(ByteBuffer raw, byte[] into) {
        Inflater inflater = new Inflater();
        try {
            inflater.setInput(raw);
            int at = 0;
            while (at < into.length) {
                int got = inflater.inflate(into, at, into.length - at);
                if (got == 0) {
                    throw new IllegalStateException("a chunk of strings ends early");
                }
                at += got;
            }
        } catch (DataFormatException damaged) {
            throw new IllegalStateException("a chunk of strings cannot be unpacked", damaged);
        } finally {
            inflater.end();
        }
    }
}
