package org.celllm.training.memory;

import org.celllm.data.InputException;
import org.celllm.data.cells.CellBatch;
import org.celllm.data.cells.CellBatches;
import org.celllm.network.runtime.ResidentMemory;
import org.celllm.training.contrast.ChunkPlan;
import org.celllm.training.contrast.DivideAndConquer;
import org.celllm.training.optimiser.AdamW;
import org.celllm.training.views.CellViews;

/**
 * Turns a memory budget into a {@link ChunkPlan}. What a position costs is measured, by running two small chunks and
 * reading the highest resident memory, instead of being trusted to a formula.
 *
 * <p>Chunks are capped where larger ones are no faster, so that the peak depends on the budget and not on the batch.
 */
public final class ChunkPlanner {
    /** Beyond so many positions a chunk gains no speed: the products are already large. */
    static final int MOST_POSITIONS = 1 << 13;

    /** Share of the budget left for what was not foreseen. */
    private static final double MARGIN = 0.08;

    /** Positions of the smaller probe. */
    private static final int PROBE = 1 << 11;

    private final DivideAndConquer step;
    private final CellViews views;
    private final AdamW optimiser;

    /**
     * @param step what will run; probes leave its gradients at zero
     * @param views for the lengths of cells
     * @param optimiser whose gradients the probes clear
     */
    public ChunkPlanner(DivideAndConquer step, CellViews views, AdamW optimiser) {
        this.step = step;
        this.views = views;
        this.optimiser = optimiser;
    }

    /**
     * A plan and what it was made from.
     *
     * @param plan how batches will be divided
     * @param bytesPerPosition resident memory that a position takes while its graph lives
     * @param residentBytes held before a step
     * @param secondsPerPosition forward and backward, once
     */
    public record Planned(ChunkPlan plan, double bytesPerPosition, long residentBytes, double secondsPerPosition) {}

    /**
     * Measures and plans.
     *
     * @param batch typical cells, at least one; best as many as a step takes
     * @param batchSize cells a step will take
     * @param width of the representations
     * @param workers who can compute at once; fewer do where memory is too little for a chunk each
     * @param budget resident bytes of the whole process
     * @throws InputException when not even the longest cell fits, with the least that would do
     */
    public Planned plan(CellBatch batch, int batchSize, int width, int workers, long budget) {
        int longest = 1;
        long total = 0;
        for (int cell = 0; cell < batch.cells(); cell++) {
            longest = Math.max(longest, views.positions(batch, cell));
            total += views.positions(batch, cell);
        }
        CellBatch small = prefix(batch, Math.max(PROBE, longest));
        CellBatch large = prefix(batch, 4 * Math.max(PROBE, longest));
        probe(small);
        Probe first = probe(small);
        Probe second = probe(large);
        double growth = second.positions > first.positions
                ? (double) (second.bytes - first.bytes) / (second.positions - first.positions)
                : 0;
        double bytesPerPosition = Math.max(growth, 0.5 * second.bytes / second.positions);
        long resident = ResidentMemory.current();
        Runtime runtime = Runtime.getRuntime();
        long heap = Math.max(0, runtime.maxMemory() - runtime.totalMemory());
        long representations = 4L * Float.BYTES * 2 * batchSize * width;
        double free = budget * (1 - MARGIN) - resident - heap - representations;
        double least = resident + heap + representations + bytesPerPosition * longest;
        if (free < bytesPerPosition * longest) {
            throw InputException.about("--memory " + Bytes.of(budget))
                    .found("is too little for one cell of this corpus")
                    .expected("at least " + Bytes.of((long) (least / (1 - MARGIN))))
                    .remedy("Give more memory, choose a smaller --preset, or hide more genes with --hide")
                    .build();
        }
        int active = (int) Math.max(1, Math.min(workers, free / (bytesPerPosition * longest)));
        long most = (long) Math.min(MOST_POSITIONS, free / bytesPerPosition / active);
        return new Planned(
                new ChunkPlan(even(total, longest, Math.max(longest, most), active), 0, active),
                bytesPerPosition,
                resident,
                second.seconds / second.positions / active);
    }

    /** Positions a chunk, at most {@code most}, so that a batch falls into as many chunks for each worker. */
    static int even(long total, int longest, long most, int workers) {
        long rounds = Math.max(1, (total + most * workers - 1) / (most * workers));
        // A chunk ends before the cell that does not fit: it may lack almost a cell.
        return (int) Math.min(most, total / (rounds * workers) + longest);
    }

    private record Probe(long positions, long bytes, double seconds) {}

    private Probe probe(CellBatch cells) {
        long before = ResidentMemory.current();
        ResidentMemory.resetPeak();
        long start = System.nanoTime();
        long positions = step.step(cells, 0, ChunkPlan.UNDIVIDED).positions();
        double seconds = (System.nanoTime() - start) * 1e-9;
        long peak = ResidentMemory.peak().orElseGet(ResidentMemory::current);
        optimiser.zeroGradients();
        return new Probe(Math.max(1, positions), Math.max(1, peak - before), seconds);
    }

    private CellBatch prefix(CellBatch batch, int positions) {
        int cells = 0;
        long filled = 0;
        while (cells < batch.cells() && filled < positions) {
            filled += views.positions(batch, cells++);
        }
        int[] chosen = new int[cells];
        for (int i = 0; i < cells; i++) {
            chosen[i] = i;
        }
        return CellBatches.select(batch, chosen);
    }
}
