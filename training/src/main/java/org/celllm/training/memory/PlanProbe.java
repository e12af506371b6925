package org.celllm.training.memory;

import org.celllm.data.cells.CellBatch;
import org.celllm.data.cells.CellBatches;
import org.celllm.network.runtime.ResidentMemory;
import org.celllm.training.contrast.ChunkPlan;
import org.celllm.training.contrast.DivideAndConquer;
import org.celllm.training.optimiser.AdamW;
import org.celllm.training.views.CellViews;

/**
 * Measures what positions cost, by steps over the first cells of a batch that are read off the highest resident memory.
 * Cells longer than a small probe are cut, so that measuring does not take what planning is to keep within bounds.
 */
final class PlanProbe {
    /** Positions of the smaller probe, and of the longest cell in it. */
    private static final int SMALL = 1 << 11;

    /** A graph that waits takes at least this share of what its position takes at work, whatever was measured. */
    private static final double LEAST_GRAPH = 0.4;

    /** How much fuller than those measured other chunks may be. */
    private static final double FILLED_MARGIN = 1.1;

    /** How much more than measured a cell whose layers are computed again may take. */
    private static final double RECOMPUTED_MARGIN = 1.1;

    private final DivideAndConquer step;
    private final CellViews views;
    private final AdamW optimiser;
    private final CellBatch batch;
    private final int longest;
    private final long total;

    PlanProbe(DivideAndConquer step, CellViews views, AdamW optimiser, CellBatch batch) {
        this.step = step;
        this.views = views;
        this.optimiser = optimiser;
        this.batch = batch;
        int most = 1;
        long sum = 0;
        for (int cell = 0; cell < batch.cells(); cell++) {
            most = Math.max(most, views.positions(batch, cell));
            sum += views.positions(batch, cell);
        }
        this.longest = most;
        this.total = sum;
    }

    /** The most positions of a cell. */
    int longest() {
        return longest;
    }

    /** The most positions of the batch. */
    long total() {
        return total;
    }

    /**
     * What positions cost.
     *
     * @param bytesPerPosition at work, graph included
     * @param graphPerPosition of a graph that waits, by positions as they are counted beforehand
     * @param secondsPerPosition forward and backward, once, by positions as they are counted beforehand
     */
    record Costs(double bytesPerPosition, double graphPerPosition, double secondsPerPosition) {}

    /**
     * Measures the usual way.
     *
     * @param budget resident bytes that measuring keeps within, where the smaller probe does
     */
    Costs costs(long budget) {
        CellBatch small = head(SMALL, SMALL);
        measure(small, ChunkPlan.UNDIVIDED);
        Taken first = measure(small, ChunkPlan.UNDIVIDED);
        double room = 0.8 * (budget * (1 - ChunkPlanner.MARGIN) - ResidentMemory.current());
        long fitting = (long) (room * first.positions / first.bytes);
        CellBatch large = head(SMALL, (int) Math.max(SMALL, Math.min(4L * SMALL, fitting)));
        Taken second = measure(large, ChunkPlan.UNDIVIDED);
        double bytesPerPosition = Math.max(growth(first, second), 0.5 * second.bytes / second.positions);
        Taken waiting = measure(large, new ChunkPlan(SMALL, Integer.MAX_VALUE, 1));
        double graphs = (double) (waiting.bytes - first.bytes) / Math.max(1, waiting.positions - first.positions);
        double graphPerPosition = Math.max(LEAST_GRAPH * bytesPerPosition, Math.min(bytesPerPosition, graphs));
        // Views are counted as long as they can be; most are shorter, which evens out over the chunks that wait.
        double counted = counted(large);
        double filled = Math.min(1, FILLED_MARGIN * second.positions / counted);
        // The first of the two prepares what both run.
        double seconds = Math.min(second.seconds, waiting.seconds);
        return new Costs(bytesPerPosition, graphPerPosition * filled, seconds / counted);
    }

    /** What a position of a cell takes whose layers are computed again one by one. */
    double recomputedBytesPerPosition() {
        ChunkPlan alone = new ChunkPlan(1, 0, 1);
        Taken first = measure(longestCell(SMALL), alone);
        Taken second = measure(longestCell(3 * SMALL), alone);
        double steep = Math.max(growth(first, second), 0.25 * second.bytes / second.positions);
        double base = Math.max(0, first.bytes - steep * first.positions);
        return RECOMPUTED_MARGIN * (steep + base / longest);
    }

    private static double growth(Taken first, Taken second) {
        return second.positions > first.positions
                ? (double) (second.bytes - first.bytes) / (second.positions - first.positions)
                : (double) second.bytes / second.positions;
    }

    private record Taken(long positions, long bytes, double seconds) {}

    private Taken measure(CellBatch cells, ChunkPlan plan) {
        ResidentMemory.giveBack();
        long before = ResidentMemory.current();
        ResidentMemory.resetPeak();
        long start = System.nanoTime();
        long positions = step.step(cells, 0, plan).positions();
        double seconds = (System.nanoTime() - start) * 1e-9;
        long peak = ResidentMemory.peak().orElseGet(ResidentMemory::current);
        optimiser.zeroGradients();
        return new Taken(Math.max(1, positions), Math.max(1, peak - before), seconds);
    }

    private double counted(CellBatch cells) {
        double positions = 1;
        for (int cell = 0; cell < cells.cells(); cell++) {
            positions += views.positions(cells, cell);
        }
        return positions;
    }

    /** The longest cell, cut to so many positions. */
    private CellBatch longestCell(int positions) {
        int at = 0;
        for (int cell = 1; cell < batch.cells(); cell++) {
            at = batch.length(cell) > batch.length(at) ? cell : at;
        }
        CellBatch cell = CellBatches.select(batch, new int[] {at});
        long genes = batch.length(at) * (long) positions / Math.max(positions, longest);
        return CellBatches.head(cell, 1, (int) Math.max(1, genes));
    }

    /** The first cells that have so many positions together, each cut to {@code most} positions. */
    private CellBatch head(int most, int positions) {
        int genes = Integer.MAX_VALUE;
        for (int cell = 0; cell < batch.cells(); cell++) {
            long own = views.positions(batch, cell);
            if (own > most) {
                genes = (int) Math.min(genes, Math.max(1, batch.length(cell) * (long) most / own));
            }
        }
        int cells = 0;
        long filled = 0;
        while (cells < batch.cells() && filled < positions) {
            filled += Math.min(most, views.positions(batch, cells++));
        }
        return CellBatches.head(batch, cells, genes);
    }
}
