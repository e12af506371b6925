package org.celllm.training.contrast;

import java.util.ArrayList;
import java.util.List;
import org.celllm.data.cells.CellBatch;
import org.celllm.training.views.CellViews;

/**
 * How a batch is divided: in what pieces the encoder sees it, and how many of them keep their graph between the
 * passes. Nobody sets this by hand: the memory budget does. The gradient is the same for every plan.
 *
 * @param positions the most positions of the encoder's output in a chunk; a cell is never divided, so a longer cell
 *     has a chunk of its own, whose layers keep only what they read and are computed again one by one on the way back
 * @param kept how many chunks keep their graph, which saves running them again
 * @param workers how many chunks are computed at once, at most
 */
public record ChunkPlan(int positions, int kept, int workers) {
    public ChunkPlan {
        if (positions < 1 || kept < 0 || workers < 1) {
            throw new IllegalArgumentException(
                    "a plan of " + positions + " positions, " + kept + " kept, " + workers + " workers");
        }
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

    /**
     * A plan that takes less memory: without the graphs that are kept, as far as that is enough, then with smaller chunks; the same
     * where they are as small as makes sense.
     *
     * @param excess bytes to save
     * @param graph bytes of a kept position
     * @param working bytes of a position at work
     */
    public ChunkPlan smaller(long excess, double graph, double working) {
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
        return more > 0 && 8L * more >= kept ? new ChunkPlan(positions, kept + more, workers) : this;
    }

    /**
     * Consecutive cells of a batch.
     *
     * @param from the first cell's place in the batch
     * @param to one past the last
     * @param recomputes whether its layers are computed again on the way back, since their graph would be too large
     */
    public record Chunk(int from, int to, boolean recomputes) {
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
                chunks.add(new Chunk(from, cell, filled > positions));
                from = cell;
                filled = 0;
            }
            filled += needed;
        }
        if (from < batch.cells()) {
            chunks.add(new Chunk(from, batch.cells(), filled > positions));
        }
        return chunks;
    }
}
