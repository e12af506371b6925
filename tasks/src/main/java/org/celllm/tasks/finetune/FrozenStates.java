package org.celllm.tasks.finetune;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.FileChannel;
import java.nio.file.FileStore;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import org.bytedeco.javacpp.FloatPointer;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.global.torch.ScalarType;
import org.celllm.data.progress.Progress;
import org.celllm.network.CellLanguageModel;
import org.celllm.network.CellSequences;
import org.celllm.network.PaddingMode;
import org.celllm.network.runtime.Native;
import org.celllm.network.runtime.Precision;
import org.celllm.network.runtime.TensorArrays;
import org.celllm.network.runtime.Workers;
import org.jspecify.annotations.Nullable;

/**
 * What the last layer reads of each cell, computed once: while only it is trained, epochs and splits read this instead of running
 * the layers below. Kept in a temporary file of 4 bytes a position and dimension that is gone with the process, so that memory
 * does not follow the number of cells.
 *
 * <p>Thread safe.
 */
public final class FrozenStates implements AutoCloseable {
    /** Positions encoded at once by each worker. */
    private static final int POSITIONS = 1 << 13;

    /** Kinds of disks that are memory. */
    private static final Set<String> MEMORY = Set.of("tmpfs", "ramfs", "devtmpfs");

    /** The file may take one part in so many of the room on its disk. */
    private static final int PARTS_OF_ROOM = 2;

    private final FileChannel file;
    private final boolean owner;
    private final int dim;
    private final int paddingRows;
    private final long[] starts;
    private final int[] lengths;
    private final int[] cells;

    private FrozenStates(
            FileChannel file, boolean owner, int dim, int paddingRows, long[] starts, int[] lengths, int[] cells) {
        this.file = file;
        this.owner = owner;
        this.dim = dim;
        this.paddingRows = paddingRows;
        this.starts = starts;
        this.lengths = lengths;
        this.cells = cells;
    }

    /**
     * Runs the layers below the last over some cells.
     *
     * @param model of which only the last layer is trained
     * @param all cells; the result counts cells as they do
     * @param wanted those that will be asked for
     * @return {@code null} where they cannot be kept: the folder of temporary files is in memory, has too little room or fails, or
     *     the model computes in 64 bits. Then each epoch has to run the layers
     */
    public static @Nullable FrozenStates of(
            CellLanguageModel model, CellSequences all, int[] wanted, Workers workers, Progress progress) {
        if (model.precision() == Precision.FLOAT64) {
            return null;
        }
        CellSequences sequences = all.select(wanted);
        int dim = model.config().dim();
        int paddingRows = model.config().padding() == PaddingMode.NONE ? 0 : 1;
        int count = sequences.cells();
        long[] starts = new long[count + 1];
        int[] lengths = new int[count];
        for (int cell = 0; cell < count; cell++) {
            lengths[cell] = sequences.length(cell);
            starts[cell + 1] = starts[cell] + (lengths[cell] + 1L + paddingRows) * dim * Float.BYTES;
        }
        FileChannel file = open(starts[count]);
        if (file == null) {
            return null;
        }
        int[] cells = new int[all.cells()];
        Arrays.fill(cells, -1);
        for (int i = 0; i < wanted.length; i++) {
            cells[wanted[i]] = i;
        }
        FrozenStates states = new FrozenStates(file, true, dim, paddingRows, starts, lengths, cells);
        try (Progress.Task task = progress.start("Running the frozen layers", "cells", count)) {
            task.note(String.format(Locale.ROOT, "%.1f GB in a temporary file", starts[count] * 1e-9));
            List<int[]> pieces = CellPieces.of(sequences, POSITIONS);
            workers.run(workers.count(), pieces.size(), (worker, number) -> {
                states.compute(model, sequences, pieces.get(number));
                task.advance(pieces.get(number).length);
            });
            return states;
        } catch (UncheckedIOException full) {
            states.close();
            return null;
        } catch (RuntimeException | Error e) {
            states.close();
            throw e;
        }
    }

    /** A temporary file that the system removes with the process, or {@code null} where there is no place for it. */
    private static @Nullable FileChannel open(long bytes) {
        Path path = null;
        try {
            path = Files.createTempFile("celllm-states", null);
            FileStore disk = Files.getFileStore(path);
            if (!MEMORY.contains(disk.type()) && disk.getUsableSpace() / PARTS_OF_ROOM >= bytes) {
                return FileChannel.open(
                        path, StandardOpenOption.READ, StandardOpenOption.WRITE, StandardOpenOption.DELETE_ON_CLOSE);
            }
            Files.delete(path);
        } catch (IOException noPlace) {
            if (path != null) {
                path.toFile().delete();
            }
        }
        return null;
    }

    private void compute(CellLanguageModel model, CellSequences sequences, int[] piece) {
        CellSequences chunk = sequences.select(piece);
        Native.run(() -> {
            float[] values = TensorArrays.floats(model.lower(chunk));
            for (int i = 0; i < piece.length; i++) {
                int rows = chunk.length(i) + 1;
                ByteBuffer bytes = buffer((long) (rows + paddingRows) * dim * Float.BYTES);
                // A row of padding stands behind all cells' positions there, and behind its cell's here.
                bytes.asFloatBuffer()
                        .put(values, chunk.clsRow(i) * dim, rows * dim)
                        .put(values, (chunk.positions() + i) * dim * paddingRows, paddingRows * dim);
                write(bytes, starts[piece[i]]);
            }
        });
    }

    /** The same of some of the cells, in the given order; shares the file, which closing this leaves open. */
    public FrozenStates select(int[] chosen) {
        int[] of = new int[chosen.length];
        Arrays.setAll(of, i -> cells[chosen[i]]);
        return new FrozenStates(file, false, dim, paddingRows, starts, lengths, of);
    }

    /**
     * What the last layer reads of some cells.
     *
     * @return [rows, dim], as {@link CellLanguageModel#lower} gives it
     * @throws IllegalArgumentException when one of them was not wanted
     */
    Tensor of(int[] chosen) {
        long positions = 0;
        for (int cell : chosen) {
            positions += lengths[number(cell)] + 1L;
        }
        long rowsOfAll = positions + (long) chosen.length * paddingRows;
        return Native.scoped(() -> {
            Tensor states = TensorArrays.empty(ScalarType.Float, rowsOfAll, dim);
            long at = 0;
            long padding = rowsOfAll - (long) chosen.length * paddingRows;
            try (FloatPointer data = states.data_ptr_float()) {
                for (int cell : chosen) {
                    int number = number(cell);
                    float[] values = read(number);
                    int own = (lengths[number] + 1) * dim;
                    data.position(at * dim).put(values, 0, own);
                    data.position(padding * dim).put(values, own, paddingRows * dim);
                    at += lengths[number] + 1L;
                    padding += paddingRows;
                }
            }
            return states;
        });
    }

    private int number(int cell) {
        if (cells[cell] < 0) {
            throw new IllegalArgumentException("cell " + cell + " was not wanted");
        }
        return cells[cell];
    }

    private static ByteBuffer buffer(long bytes) {
        return ByteBuffer.allocate(Math.toIntExact(bytes)).order(ByteOrder.nativeOrder());
    }

    private void write(ByteBuffer bytes, long start) {
        try {
            while (bytes.hasRemaining()) {
                file.write(bytes, start + bytes.position());
            }
        } catch (IOException e) {
            throw new UncheckedIOException("the temporary file of frozen layers cannot be written", e);
        }
    }

    private float[] read(int number) {
        ByteBuffer bytes = buffer(starts[number + 1] - starts[number]);
        try {
            while (bytes.hasRemaining()) {
                if (file.read(bytes, starts[number] + bytes.position()) < 0) {
                    throw new IOException("it ends early");
                }
            }
        } catch (IOException e) {
            throw new UncheckedIOException("the temporary file of frozen layers cannot be read", e);
        }
        float[] values = new float[bytes.capacity() / Float.BYTES];
        bytes.flip().asFloatBuffer().get(values);
        return values;
    }

    @Override
    public void close() {
        if (owner) {
            try {
                file.close();
            } catch (IOException gone) {
                throw new UncheckedIOException("the temporary file of frozen layers cannot be closed", gone);
            }
        }
    }
}
