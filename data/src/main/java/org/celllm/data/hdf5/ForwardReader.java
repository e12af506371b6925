package org.celllm.data.hdf5;

import java.nio.ByteBuffer;

/**
 * Reads one dimension forward through a window that starts and ends at chunk borders, so that no chunk is
 * decompressed twice on the way.
 */
final class ForwardReader {
    /** Elements of a window at least; larger chunks make larger windows. */
    static final int WINDOW = 1 << 18;

    private final Hdf5Dataset dataset;
    private final long length;
    private final int window;
    private final int bytes;
    private ByteBuffer held = ByteBuffer.allocate(0);
    private long heldFrom;
    private int heldCount;

    ForwardReader(Hdf5Dataset dataset) {
        this(dataset, WINDOW);
    }

    /**
     * @param wanted elements of a window, before it is brought to chunk borders
     */
    ForwardReader(Hdf5Dataset dataset, int wanted) {
        this.dataset = dataset;
        this.length = dataset.length();
        this.bytes = dataset.type().bytes();
        int chunk = dataset.chunk().length == 1 ? dataset.chunk()[0] : 1;
        this.window = chunk >= wanted ? chunk : wanted / chunk * chunk;
    }

    /** Reads {@code count} numbers from element {@code from}. */
    void floats(long from, int count, float[] into, int at) {
        int done = 0;
        while (done < count) {
            int take = hold(from + done, count - done);
            dataset.type().floats(at(from + done), take, into, at + done);
            done += take;
        }
    }

    /** Reads {@code count} indices from element {@code from}; those that no {@code int} holds become −1. */
    void indices(long from, int count, int[] into, int at) {
        int done = 0;
        while (done < count) {
            int take = hold(from + done, count - done);
            dataset.type().indices(at(from + done), take, into, at + done);
            done += take;
        }
    }

    private ByteBuffer at(long place) {
        int from = (int) (place - heldFrom) * bytes;
        return held.duplicate().position(held.position() + from).slice();
    }

    /** Makes {@code place} lie in the window; returns how many of the {@code wanted} elements do. */
    private int hold(long place, int wanted) {
        if (place < heldFrom || place >= heldFrom + heldCount) {
            heldFrom = place / window * window;
            heldCount = (int) Math.min(window, length - heldFrom);
            held = dataset.slice(new long[] {heldFrom}, new int[] {heldCount});
        }
        return (int) Math.min(wanted, heldFrom + heldCount - place);
    }
}
