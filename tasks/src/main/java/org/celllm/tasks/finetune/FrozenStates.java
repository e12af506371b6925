package org.celllm.tasks.finetune;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.atomic.AtomicBoolean;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.global.torch.ScalarType;
import org.celllm.data.progress.Progress;
import org.celllm.network.CellLanguageModel;
import org.celllm.network.CellSequences;
import org.celllm.network.PaddingMode;
import org.celllm.network.runtime.Native;
import org.celllm.network.runtime.TensorArrays;
import org.celllm.network.runtime.Workers;
import org.jspecify.annotations.Nullable;

/**
 * What the last layer reads of each cell, computed once: while only it is trained, epochs and splits read this instead of running
 * the layers below. Kept in a temporary file that is gone with the process, 4 bytes a position and dimension, so that memory does
 * not follow the number of cells.
 *
 * <p>Thread safe.
 */
public final class FrozenStates implements AutoCloseable {
    /** Positions encoded at once by each worker. */
    private static final int POSITIONS = 1 << 13;

    private final FileChannel file;
    private final boolean owner;
    private final int dim;
    private final ScalarType type;
    private final int paddingRows;
    private final long[] starts;
    private final int[] lengths;
    private final int[] cells;

    private FrozenStates(
            FileChannel file,
            boolean owner,
            int dim,
            ScalarType type,
            int paddingRows,
            long[] starts,
            int[] lengths,
            int[] cells) {
        this.file = file;
        this.owner = owner;
        this.dim = dim;
        this.type = type;
        this.paddingRows = paddingRows;
        this.starts = starts;
        this.lengths = lengths;
        this.cells = cells;
    }

    /**
     * Runs the layers below the last over some cells.
     *
     * @param model of which only the last layer is trained
     * @return {@code null} when the disk for temporary files has too little room or fails: then each epoch has to run them
     */
    public static @Nullable FrozenStates of(
            CellLanguageModel model, CellSequences sequences, Workers workers, Progress progress) throws IOException {
        int dim = model.config().dim();
        int paddingRows = model.config().padding() == PaddingMode.NONE ? 0 : 1;
        int count = sequences.cells();
        long[] starts = new long[count + 1];
        int[] lengths = new int[count];
        for (int cell = 0; cell < count; cell++) {
            lengths[cell] = sequences.length(cell);
            starts[cell + 1] = starts[cell] + (lengths[cell] + 1L + paddingRows) * dim * Float.BYTES;
        }
        Path path = Files.createTempFile("celllm-states", null);
        if (Files.getFileStore(path).getUsableSpace() / 2 < starts[count]) {
            Files.delete(path);
            return null;
        }
        FileChannel file = FileChannel.open(
                path, StandardOpenOption.READ, StandardOpenOption.WRITE, StandardOpenOption.DELETE_ON_CLOSE);
        try (Progress.Task task = progress.start("Running the frozen layers", "cells", count)) {
            AtomicBoolean narrow = new AtomicBoolean();
            List<int[]> pieces = CellPieces.of(sequences, POSITIONS);
            workers.run(workers.count(), pieces.size(), (worker, number) -> {
                int[] piece = pieces.get(number);
                CellSequences chunk = sequences.select(piece);
                Native.run(() -> {
                    Tensor lower = model.lower(chunk);
                    narrow.set(lower.scalar_type() == ScalarType.BFloat16);
                    float[] values = TensorArrays.floats(lower.to(ScalarType.Float));
                    for (int i = 0; i < piece.length; i++) {
                        write(file, starts[piece[i]], values, chunk, i, dim, paddingRows);
                    }
                });
                task.advance(piece.length);
            });
            int[] all = new int[count];
            Arrays.setAll(all, cell -> cell);
            return new FrozenStates(
                    file,
                    true,
                    dim,
                    narrow.get() ? ScalarType.BFloat16 : ScalarType.Float,
                    paddingRows,
                    starts,
                    lengths,
                    all);
        } catch (UncheckedIOException full) {
            file.close();
            return null;
        } catch (RuntimeException | Error e) {
            file.close();
            throw e;
        }
    }

    /** A cell's rows: those of its positions, then its row of padding, which stands behind all cells' positions. */
    private static void write(
            FileChannel file, long start, float[] values, CellSequences chunk, int cell, int dim, int paddingRows) {
        int rows = chunk.length(cell) + 1;
        ByteBuffer bytes =
                ByteBuffer.allocate((rows + paddingRows) * dim * Float.BYTES).order(ByteOrder.nativeOrder());
        bytes.asFloatBuffer()
                .put(values, chunk.clsRow(cell) * dim, rows * dim)
                .put(values, (chunk.positions() + cell) * dim * paddingRows, paddingRows * dim);
        try {
            long at = start;
            while (bytes.hasRemaining()) {
                at += file.write(bytes, at);
            }
        } catch (IOException e) {
            throw new UncheckedIOException("the temporary file of frozen layers cannot be written", e);
        }
    }

    /** The same of some of the cells, in the given order; shares the file, which closing this leaves open. */
    public FrozenStates select(int[] chosen) {
        int[] of = new int[chosen.length];
        Arrays.setAll(of, i -> cells[chosen[i]]);
        return new FrozenStates(file, false, dim, type, paddingRows, starts, lengths, of);
    }

    /**
     * What the last layer reads of some cells.
     *
     * @return [rows, dim], as {@link CellLanguageModel#lower} gives it
     */
    Tensor of(int[] chosen) {
        int positions = 0;
        for (int cell : chosen) {
            positions += lengths[cells[cell]] + 1;
        }
        float[] values = new float[Math.multiplyExact(positions + chosen.length * paddingRows, dim)];
        int at = 0;
        int padding = positions;
        for (int cell : chosen) {
            int number = cells[cell];
            ByteBuffer bytes = ByteBuffer.allocate(Math.toIntExact(starts[number + 1] - starts[number]))
                    .order(ByteOrder.nativeOrder());
            read(bytes, starts[number]);
            int rows = lengths[number] + 1;
            bytes.flip()
                    .asFloatBuffer()
                    .get(values, at * dim, rows * dim)
                    .get(values, padding * dim * paddingRows, paddingRows * dim);
            at += rows;
            padding++;
        }
        return Native.scoped(
                () -> TensorArrays.of(values, values.length / dim, dim).to(type));
    }

    private void read(ByteBuffer bytes, long start) {
        try {
            while (bytes.hasRemaining()) {
                if (file.read(bytes, start + bytes.position()) < 0) {
                    throw new IOException("it ends early");
                }
            }
        } catch (IOException e) {
            throw new UncheckedIOException("the temporary file of frozen layers cannot be read", e);
        }
    }

    @Override
    public void close() throws IOException {
        if (owner) {
            file.close();
        }
    }
}
