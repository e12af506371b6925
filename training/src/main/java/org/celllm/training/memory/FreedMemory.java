package org.celllm.training.memory;

import org.celllm.network.runtime.ResidentMemory;

/**
 * Gives freed memory back to the system: the C library keeps what is freed, and blocks of unlike size leave holes that
 * count as resident. Giving back costs time (the next chunk has to ask for its pages again), so it happens only when the
 * process holds clearly more than the chunks at work need.
 *
 * <p>Thread safe.
 */
public final class FreedMemory {
    /** What may be held beside the least that was seen, until {@link #allow} says better. */
    private static final long SLACK = 192L << 20;

    /** What is left above the most, lest every chunk gives back while graphs wait: the slack divided by this. */
    private static final int LEAST_SLACK = 8;

    private long slack = SLACK;
    private long floor;
    private long most = Long.MAX_VALUE;
    private long limit;
    private boolean bounded = true;

    /**
     * For chunks that are encoded one after another and leave nothing: gives back above three quarters of a budget. What is freed
     * of cells of unlike length comes to more than what lives; to give it back always would cost a quarter of the time
     * ({@code docs/benchmarks.md}).
     *
     * @param budget resident bytes of the process; {@link Long#MAX_VALUE} for none
     */
    public static FreedMemory within(long budget) {
        FreedMemory freed = new FreedMemory();
        freed.floor = budget / 4 * 3;
        freed.limit = freed.floor;
        freed.bounded = budget < Long.MAX_VALUE;
        return freed;
    }

    /**
     * Says what the chunks at work need: three quarters of that may be held beside what lives. With half a step takes longer; with
     * twice that, less long, but the peak of a large batch was then up to 1.11 times that of a small one
     * ({@code docs/experiments.md}).
     *
     * @param working bytes of all chunks computed at once
     * @param floor resident bytes that the process may hold whatever it needs at the moment: where graphs wait for the second
     *     pass, what they leave is wanted again in the next step
     * @param most resident bytes that what is freed is not to fill, however much the chunks at work need
     */
    public synchronized void allow(long working, long floor, long most) {
        this.slack = working / 4 * 3;
        this.floor = floor;
        this.most = most;
        this.limit = floor;
    }

    /** Gives back when there is too much. Called after every chunk. */
    public synchronized void check() {
        if (bounded && ResidentMemory.current() > limit) {
            ResidentMemory.giveBack();
            limit = limit(ResidentMemory.current());
        }
    }

    /** Says that the last graph that waited is gone: what was held beside it is not needed any more. */
    public synchronized void waitedFor() {
        limit = floor;
    }

    /** What may be held until there is too much again, when so much is held by what lives. */
    long limit(long living) {
        return Math.max(floor, Math.max(living + slack / LEAST_SLACK, Math.min(living + slack, most)));
    }
}
