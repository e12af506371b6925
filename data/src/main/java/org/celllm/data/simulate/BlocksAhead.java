package org.celllm.data.simulate;

import java.io.IOException;
import java.io.InterruptedIOException;
import java.util.ArrayDeque;
import java.util.Queue;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.celllm.data.matrix.CellBlock;
import org.jspecify.annotations.Nullable;

/** Makes blocks of cells with several threads and gives them out in order; a few more than there are threads wait. */
final class BlocksAhead implements AutoCloseable {
    private final Range range;
    private final int cells;
    private final int cellsPerBlock;
    private final int ahead;
    private final ExecutorService makers;
    private final Queue<Future<CellBlock>> waiting = new ArrayDeque<>();
    private int next;

    /** Makes consecutive cells; thread safe. */
    @FunctionalInterface
    interface Range {
        CellBlock of(int first, int count);
    }

    BlocksAhead(Range range, int cells, int cellsPerBlock, int threads) {
        this.range = range;
        this.cells = cells;
        this.cellsPerBlock = cellsPerBlock;
        this.ahead = threads + 2;
        this.makers = Executors.newFixedThreadPool(threads, work -> {
            Thread thread = new Thread(work, "celllm-simulator");
            thread.setDaemon(true);
            return thread;
        });
    }

    /** The next block, or {@code null} after the last. */
    @Nullable
    CellBlock next() throws IOException {
        while (waiting.size() < ahead && next < cells) {
            int first = next;
            int count = Math.min(cellsPerBlock, cells - first);
            waiting.add(makers.submit(() -> range.of(first, count)));
            next += count;
        }
        Future<CellBlock> block = waiting.poll();
        if (block == null) {
            return null;
        }
        try {
            return block.get();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw (IOException) new InterruptedIOException("simulating was interrupted").initCause(e);
        } catch (ExecutionException e) {
            throw new IllegalStateException(e.getCause());
        }
    }

    @Override
    public void close() {
        makers.shutdownNow();
    }
}
