package org.celllm.training.contrast;

import java.util.ArrayList;
import java.util.List;
import org.celllm.data.cells.CellBatch;
import org.celllm.network.runtime.GradientTape.Keeping;
import org.celllm.training.views.CellViews;

/**
 * How a batch is divided: in what pieces the encoder sees it, and how many of them keep their graph between the
 * passes. Nobody sets this by hand: the memory budget does. The gradient is the same for every plan.
 *
 * @param positions the most positions of the encoder's output in a chunk; a cell is never divided, so a longer cell
 *     has a chunk of its own, whose layers keep only what they read and are computed again one by one on the way back
 * @param kept how many chunks keep their graph, which saves running them again
 * @param whole how many chunks keep all that the way back reads, what could be computed again in little time too: the last
 * @param workers how many chunks are computed at once, at most
 */
public record ChunkPlan(int positions, int kept, int whole, int workers) {
    public ChunkPlan {
        if (positions < 1 || kept < 0 || whole < 0 || workers < 1) {
            throw new IllegalArgumentException("a plan of " + positions + " positions, " + kept + " kept, " + whole
                    + " whole, " + workers + " workers");
        }
    }

    /** A plan whose chunks keep what takes long to compute. */
    public ChunkPlan(int positions, int kept, int workers) {
        this(positions, kept, 0, workers);
    }

    /** Smaller chunks save nothing worth their time: what the process holds beside them is then what is too much. */
    private static final int FEWEST_POSITIONS = 512;

    /** One chunk for everything, with its graph: the undivided step. */
    public static final ChunkPlan UNDIVIDED = new ChunkPlan(Integer.MAX_VALUE, Integer.MAX_VALUE, 1);

    /**
     * How many of a batch's chunks are run twice: the first so many. A multiple of those computed at once, so that a chunk whose
     * graph is kept comes to the worker that made it again.
     *
     * @param chunks of the batch
     * @param active computed at once
     */
    int rerun(int chunks, int active) {
        long without = Math.max(0L, (long) chunks - kept);
        return (int) Math.min(chunks, (without + active - 1) / active * active);
    }

    /** The same with other chunks that keep all. */
    public ChunkPlan withWhole(int other) {
        return new ChunkPlan(positions, kept, other, workers);
    }

    /**
     * A plan that takes less memory: with less in its graphs, then without those that are kept, as far as that is enough, then with smaller
     * chunks; the same where they are as small as makes sense.
     *
     * @param excess bytes to save
     * @param graph bytes of a kept position
     * @param more bytes that a position takes beside where all is kept
     * @param working bytes of a position at work
     */
    public ChunkPlan smaller(long excess, double graph, double more, double working) {
        if (whole > 0) {
            double saved = Math.max(1, more * positions);
            int less = (int) Math.min(whole, Math.ceil(excess / saved));
            long left = excess - (long) (less * saved);
            ChunkPlan without = withWhole(whole - less);
            return left <= 0 ? without : without.smaller(left, graph, more, working);
        }
        double each = Math.max(1, graph * positions);
        int fewer = (int) Math.min(kept, Math.ceil(excess / each));
        long left = excess - (long) (fewer * each);
        if (left <= 0) {
            return new ChunkPlan(positions, kept - fewer, workers);
        }
        long less = positions - (long) Math.ceil(left / Math.max(1, working * workers));
        long between = Math.min(positions * 3L / 4, Math.max(less, positions / 4));
        return new ChunkPlan((int) Math.max(Math.min(positions, FEWEST_POSITIONS), between), 0, workers);
    }

    /**
     * A plan that keeps more graphs, where they are worth a change: an eighth more of them at least.
     *
     * @param room bytes that may be taken
     * @param graph bytes of a kept position
     */
    public ChunkPlan larger(long room, double graph) {
        int more = (int) Math.max(0, Math.min(1 << 20, room / Math.max(1, graph * positions)));
        return more > 0 && 8L * more >= kept ? new ChunkPlan(positions, kept + more, whole, workers) : this;
    }

    /**
     * Consecutive cells of a batch.
     *
     * @param from the first cell's place in the batch
     * @param to one past the last
     * @param keeping what its layers keep for the way back
     */
    public record Chunk(int from, int to, Keeping keeping) {
        /** How many cells. */
        public int cells() {
            return to - from;
        }
    }

    /** The chunks of a batch, in order; every cell is in one. */
    public List<Chunk> chunks(CellBatch batch, CellViews views) {
        List<Chunk> chunks = new ArrayList<>();
        int from = 0;
        long filled = 0;
        for (int cell = 0; cell < batch.cells(); cell++) {
            int needed = views.positions(batch, cell);
            if (cell > from && filled + needed > positions) {
                chunks.add(new Chunk(from, cell, keeping(filled)));
                from = cell;
                filled = 0;
            }
            filled += needed;
        }
        if (from < batch.cells()) {
            chunks.add(new Chunk(from, batch.cells(), keeping(filled)));
        }
        for (int i = Math.max(0, chunks.size() - whole); i < chunks.size(); i++) {
            Chunk chunk = chunks.get(i);
            if (chunk.keeping() == Keeping.MOST) {
                chunks.set(i, new Chunk(chunk.from(), chunk.to(), Keeping.ALL));
            }
        }
        return chunks;
    }

    /** A cell that is too long for a chunk keeps little. */
    private Keeping keeping(long filled) {
        return filled > positions ? Keeping.READ : Keeping.MOST;
    }
}
