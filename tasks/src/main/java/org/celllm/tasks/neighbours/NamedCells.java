package org.celllm.tasks.neighbours;

import java.io.IOException;
import java.util.List;
import org.celllm.tasks.annotate.Predictions;

/**
 * Query cells with their neighbours and what these vote for.
 *
 * @param reference where the neighbours are from
 * @param found of the cells in order, some at a time
 * @param size cells
 * @param threshold cells whose label has a smaller share of the vote are unassigned
 */
record NamedCells(LabelledReference reference, List<Nearest> found, int size, double threshold) {
    /** Takes cells in order. */
    @FunctionalInterface
    interface Cells {
        /**
         * @param query the cell's place in {@code nearest}
         * @param code of its label, −1 for unassigned
         */
        void accept(int cell, Nearest nearest, int query, int code, float share) throws IOException;
    }

    /** Neighbours a cell. */
    int k() {
        return found.isEmpty() ? 1 : found.get(0).k();
    }

    void forEach(Cells sink) throws IOException {
        int cell = 0;
        for (Nearest nearest : found) {
            for (int query = 0; query < nearest.queries(); query++) {
                NeighbourVote vote = NeighbourVote.of(nearest, query, reference.labels());
                sink.accept(cell++, nearest, query, vote.share() < threshold ? -1 : vote.code(), vote.share());
            }
        }
        if (cell != size) {
            throw new IllegalStateException(cell + " of " + size + " cells have neighbours");
        }
    }

    String label(int code) {
        return code < 0 ? Predictions.UNASSIGNED : reference.labels().names().get(code);
    }

    /** Cells of each label, unassigned ones last. */
    int[] counts() throws IOException {
        int[] counts = new int[reference.labels().classes() + 1];
        forEach((cell, nearest, query, code, share) -> counts[code < 0 ? counts.length - 1 : code]++);
        return counts;
    }

    double meanShare() throws IOException {
        double[] sum = {0};
        forEach((cell, nearest, query, code, share) -> sum[0] += share);
        return size == 0 ? 0 : sum[0] / size;
    }

    double meanDistance() throws IOException {
        double[] sum = {0};
        forEach((cell, nearest, query, code, share) -> sum[0] += 1 - nearest.cosines()[query * nearest.k()]);
        return size == 0 ? 0 : sum[0] / size;
    }
}
