package org.celllm.training.memory;

import java.util.function.DoubleSupplier;
import java.util.function.IntFunction;
import java.util.function.ToIntFunction;
import org.celllm.data.InputException;
import org.celllm.data.cells.CellBatch;
import org.celllm.network.runtime.ResidentMemory;
import org.celllm.training.contrast.ChunkPlan;
import org.celllm.training.contrast.DivideAndConquer;
import org.celllm.training.objective.ContrastiveLoss;
import org.celllm.training.optimiser.AdamW;
import org.celllm.training.views.CellViews;
import org.jspecify.annotations.Nullable;

/**
 * Turns a memory budget into a {@link ChunkPlan}. What a position costs is measured, by running two small chunks and
 * reading the highest resident memory, instead of being trusted to a formula.
 *
 * <p>Chunks are capped where larger ones are no faster, so that the peak depends on the budget and not on the batch.
 */
public final class ChunkPlanner {
    /** Beyond so many positions a chunk gains no speed: the products are already large. */
    static final int MOST_POSITIONS = 1 << 13;

    /** Networks narrower than this gain a little ({@code tiny}: 3 to 4%) from chunks of twice that. */
    private static final int NARROW = 128;

    /** Share of the budget left for what was not foreseen. */
    static final double MARGIN = 0.08;

    private final DivideAndConquer step;
    private final CellViews views;
    private final AdamW optimiser;
    private final int dim;

    /**
     * @param step what will run; probes leave its gradients at zero
     * @param views for the lengths of cells
     * @param optimiser whose gradients the probes clear
     * @param dim width of the network
     */
    public ChunkPlanner(DivideAndConquer step, CellViews views, AdamW optimiser, int dim) {
        this.step = step;
        this.views = views;
        this.optimiser = optimiser;
        this.dim = dim;
    }

    /**
     * A plan and what it was made from.
     *
     * @param plan how batches will be divided
     * @param bytesPerPosition resident memory that a position takes while it is worked on, its graph included
     * @param graphPerPosition resident memory that the graph of a chunk takes while it waits, by each of its positions as they
     *     are counted beforehand
     * @param morePerPosition resident memory that a position takes beside where all is kept for the way back
     * @param workingBytes what the chunks at work take at most, all together
     * @param residentBytes held before a step
     * @param secondsPerPosition forward and backward, once, by positions as they are counted beforehand
     */
    public record Planned(
            ChunkPlan plan,
            double bytesPerPosition,
            double graphPerPosition,
            double morePerPosition,
            long workingBytes,
            long residentBytes,
            double secondsPerPosition) {}

    /**
     * Measures and plans.
     *
     * @param batch typical cells, at least one; best as many as a step takes
     * @param more bytes of a position beside where all is kept for the way back; 0 where that is nothing
     * @param batchSize cells a step will take
     * @param width of the representations
     * @param workers who can compute at once; fewer do where memory is too little for a chunk each
     * @param budget resident bytes of the whole process
     * @throws InputException when not even the longest cell fits, with the least that would do
     */
    public Planned plan(CellBatch batch, int batchSize, int width, long more, int workers, long budget) {
        PlanProbe probes = new PlanProbe(step, views, optimiser, batch);
        PlanProbe.Costs costs = probes.costs(budget);
        int longest = probes.longest();
        long resident = ResidentMemory.current();
        Runtime runtime = Runtime.getRuntime();
        // The collector holds little beside what lives, and another batch is read while one is worked on.
        long heap = Math.min(Math.max(0, runtime.maxMemory() - runtime.totalMemory()), runtime.totalMemory());
        long representations = 2L * Float.BYTES * batchSize * width
                + ContrastiveLoss.workingBytes(batchSize, width, workers, Float.BYTES);
        double beside = resident + heap + representations;
        double free = budget * (1 - MARGIN) - beside;
        double working = costs.bytesPerPosition();
        double waiting = costs.graphPerPosition();
        IntFunction<Divided> upTo = most -> divide(
                free,
                working,
                waiting,
                longest,
                probes.total(),
                workers,
                most,
                () -> probes.recomputedBytesPerPosition() * longest);
        Divided divided =
                inLargeChunks(upTo, dim, plan -> plan.chunks(batch, views).size());
        if (divided.plan() == null) {
            throw InputException.about("--memory " + Bytes.of(budget))
                    .found("is too little for one cell of this corpus")
                    .expected("at least " + Bytes.of((long) ((beside + divided.workingBytes()) / (1 - MARGIN))))
                    .remedy("Give more memory, choose a smaller --preset, or hide more genes with --hide")
                    .build();
        }
        int chunks = divided.plan().chunks(batch, views).size();
        return new Planned(
                divided.plan().withWhole(whole(divided, free, waiting, (double) more, chunks)),
                working,
                waiting,
                more,
                (long) divided.workingBytes(),
                resident,
                costs.secondsPerPosition() / divided.plan().workers());
    }

    /**
     * Divides into chunks of the usual size at most, or of twice that for a narrow network, where no chunk is run twice either way.
     *
     * @param upTo divides into chunks of so many positions at most
     * @param dim width of the network
     * @param chunks of a batch by a plan
     */
    static Divided inLargeChunks(IntFunction<Divided> upTo, int dim, ToIntFunction<ChunkPlan> chunks) {
        Divided usual = upTo.apply(MOST_POSITIONS);
        if (dim >= NARROW || !keepsEvery(usual, chunks)) {
            return usual;
        }
        Divided larger = upTo.apply(2 * MOST_POSITIONS);
        return keepsEvery(larger, chunks) ? larger : usual;
    }

    private static boolean keepsEvery(Divided divided, ToIntFunction<ChunkPlan> chunks) {
        ChunkPlan plan = divided.plan();
        return plan != null && plan.kept() >= chunks.applyAsInt(plan);
    }

    /**
     * What becomes of memory.
     *
     * @param plan {@code null} where not even one cell fits
     * @param workingBytes what the chunks at work take at most, all together; without a plan, what one cell would
     */
    record Divided(@Nullable ChunkPlan plan, double workingBytes) {}

    /**
     * Divides memory: every worker has a chunk, with whole graphs where the longest cell's fits beside the others, else with the
     * layers of the cells that are too long computed again one by one, if more workers fit that way; the rest is for graphs that
     * wait.
     *
     * @param free bytes for chunks
     * @param working bytes of a position at work, its graph included
     * @param waiting bytes of a position of a graph that waits
     * @param longest the most positions of a cell
     * @param total positions of a batch
     * @param workers who can compute at once
     * @param largest the most positions of a chunk of several cells
     * @param recomputed bytes of the longest cell where its layers are computed again; asked for only where it matters
     */
    static Divided divide(
            double free,
            double working,
            double waiting,
            int longest,
            long total,
            int workers,
            int largest,
            DoubleSupplier recomputed) {
        int active = (int) Math.min(workers, free / (working * longest));
        double again = 0;
        if (active < workers) {
            double alone = recomputed.getAsDouble();
            int more = (int) Math.min(workers, free / alone);
            if (Math.max(active, more) < 1) {
                return new Divided(null, alone);
            }
            if (more > active) {
                active = more;
                again = alone;
            }
        }
        long most = (long) Math.max(1, Math.min(largest, free / working / active));
        int whole = (int) (again > 0 ? Math.min(longest, most) : longest);
        int positions = even(total, whole, Math.max(whole, most), active);
        double extra = active * Math.max(0, again - working * positions);
        return new Divided(
                new ChunkPlan(positions, kept(free - extra, positions, active, working, waiting), active),
                active * Math.max(again, working * positions));
    }

    /**
     * How many chunks can keep their graph: what the chunks at work need beside their own graphs is left free, and where not all
     * can keep theirs, room for those that are run again.
     */
    static int kept(double free, int positions, int active, double working, double graph) {
        double room = free - active * positions * Math.max(0, working - graph);
        return (int) Math.max(0, Math.min(1 << 20, Math.floor(room / (graph * positions))));
    }

    /**
     * How many chunks can keep all that the way back reads, where none is run twice and memory is left.
     *
     * @param free bytes for chunks
     * @param waiting bytes of a position of a graph that waits
     * @param more bytes of a position beside where all is kept
     * @param chunks of a batch
     */
    static int whole(Divided divided, double free, double waiting, double more, int chunks) {
        ChunkPlan plan = divided.plan();
        if (plan == null || more <= 0 || plan.kept() < chunks) {
            return 0;
        }
        double graph = waiting * plan.positions();
        double beside = Math.max(0, divided.workingBytes() - plan.workers() * graph);
        double left = free - beside - chunks * graph;
        return (int) Math.max(0, Math.min(chunks, left / (more * plan.positions())));
    }

    /** Positions a chunk, at most {@code most}, so that a batch falls into as many chunks for each worker. */
    static int even(long total, int longest, long most, int workers) {
        long rounds = Math.max(1, (total + most * workers - 1) / (most * workers));
        // A chunk ends before the cell that does not fit: it may lack almost a cell.
        return (int) Math.min(most, total / (rounds * workers) + longest);
    }
}
