package org.celllm.training;

import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.celllm.data.cells.CellBatch;
import org.jspecify.annotations.Nullable;

/**
 * Reads the next step's batch while this one is computed. A large batch is read when it is wanted: that takes less than
 * a hundredth of its step, and two of them would stand in memory.
 */
final class BatchAhead implements AutoCloseable {
    /** Values of a batch beyond which only one is held: 6 MiB of them. */
    private static final int MOST_VALUES = 1 << 20;

    private final TrainingCells cells;
    private final int size;
    private final ExecutorService reader = Executors.newSingleThreadExecutor(work -> {
        Thread thread = new Thread(work, "celllm-reader");
        thread.setDaemon(true);
        return thread;
    });
    private @Nullable Future<CellBatch> next;
    private long nextStep = -1;

    BatchAhead(TrainingCells cells, int size) {
        this.cells = cells;
        this.size = size;
    }

    /** The batch of {@code step}; that of {@code step + 1} is read meanwhile, unless it is large. */
    CellBatch take(long step) {
        Future<CellBatch> waiting = next;
        next = null;
        if (waiting == null || nextStep != step) {
            waiting = reader.submit(() -> cells.batch(step, size));
        }
        try {
            CellBatch batch = waiting.get();
            if (batch.genes().length <= MOST_VALUES) {
                nextStep = step + 1;
                next = reader.submit(() -> cells.batch(step + 1, size));
            }
            return batch;
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException("interrupted while reading", e);
        } catch (ExecutionException e) {
            if (e.getCause() instanceof RuntimeException cause) {
                throw cause;
            }
            throw new IllegalStateException(e.getCause());
        }
    }

    @Override
    public void close() {
        reader.shutdownNow();
    }
}
