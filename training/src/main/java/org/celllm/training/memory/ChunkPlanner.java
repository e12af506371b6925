package org.celllm.training.memory;

import org.celllm.data.InputException;
import org.celllm.data.cells.CellBatch;
import org.celllm.data.cells.CellBatches;
import org.celllm.network.runtime.ResidentMemory;
import org.celllm.training.contrast.ChunkPlan;
import org.celllm.training.contrast.DivideAndConquer;
import org.celllm.training.objective.ContrastiveLoss;
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

    /** A graph that waits takes at least this share of what its position takes at work, whatever was measured. */
    private static final double LEAST_GRAPH = 0.4;

    /** How much fuller than those measured other chunks may be. */
    private static final double FILLED_MARGIN = 1.1;

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
     * @param bytesPerPosition resident memory that a position takes while it is worked on, its graph included
     * @param graphPerPosition resident memory that the graph of a chunk takes while it waits, by each of its positions as they
     *     are counted beforehand
     * @param residentBytes held before a step
     * @param secondsPerPosition forward and backward, once
     */
    public record Planned(
            ChunkPlan plan,
            double bytesPerPosition,
            double graphPerPosition,
            long residentBytes,
            double secondsPerPosition) {}

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
        Probe waiting = probe(large, new ChunkPlan(Math.max(PROBE, longest), Integer.MAX_VALUE, 1));
        double graphs = (double) (waiting.bytes - first.bytes) / Math.max(1, waiting.positions - first.positions);
        double graphPerPosition = Math.max(LEAST_GRAPH * bytesPerPosition, Math.min(bytesPerPosition, graphs));
        // Views are counted as long as they can be; most are shorter, which evens out over the chunks that wait.
        double filled = Math.min(1, FILLED_MARGIN * second.positions / counted(large));
        long resident = ResidentMemory.current();
        Runtime runtime = Runtime.getRuntime();
        // The collector holds little beside what lives, and another batch is read while one is worked on.
        long heap = Math.min(Math.max(0, runtime.maxMemory() - runtime.totalMemory()), runtime.totalMemory());
        long representations = 2L * Float.BYTES * batchSize * width
                + ContrastiveLoss.workingBytes(batchSize, width, workers, Float.BYTES);
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
        int positions = even(total, longest, Math.max(longest, most), active);
        return new Planned(
                new ChunkPlan(
                        positions, kept(free, positions, active, bytesPerPosition, graphPerPosition * filled), active),
                bytesPerPosition,
                graphPerPosition * filled,
                resident,
                second.seconds / second.positions / active);
    }

    /**
     * How many chunks can keep their graph: what the chunks at work need beside their own graphs is left free, and where not all
     * can keep theirs, room for those that are run again.
     */
    static int kept(double free, int positions, int active, double working, double graph) {
        double room = free - active * positions * Math.max(0, working - graph);
        return (int) Math.max(0, Math.min(1 << 20, Math.floor(room / (graph * positions))));
    }

    /** Positions a chunk, at most {@code most}, so that a batch falls into as many chunks for each worker. */
    static int even(long total, int longest, long most, int workers) {
        long rounds = Math.max(1, (total + most * workers - 1) / (most * workers));
        // A chunk ends before the cell that does not fit: it may lack almost a cell.
        return (int) Math.min(most, total / (rounds * workers) + longest);
    }

    private record Probe(long positions, long bytes, double seconds) {}

    private Probe probe(CellBatch cells) {
        return probe(cells, ChunkPlan.UNDIVIDED);
    }

    private Probe probe(CellBatch cells, ChunkPlan plan) {
        ResidentMemory.giveBack();
        long before = ResidentMemory.current();
        ResidentMemory.resetPeak();
        long start = System.nanoTime();
        long positions = step.step(cells, 0, plan).positions();
        double seconds = (System.nanoTime() - start) * 1e-9;
        long peak = ResidentMemory.peak().orElseGet(ResidentMemory::current);
        optimiser.zeroGradients();
        return new Probe(Math.max(1, positions), Math.max(1, peak - before), seconds);
    }

    private double counted(CellBatch batch) {
        double positions = 1;
        for (int cell = 0; cell < batch.cells(); cell++) {
            positions += views.positions(batch, cell);
        }
        return positions;
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
