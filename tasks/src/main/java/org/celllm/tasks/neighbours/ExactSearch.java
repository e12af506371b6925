package org.celllm.tasks.neighbours;

import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.global.torch;
import org.celllm.network.runtime.Native;
import org.celllm.network.runtime.TensorArrays;
import org.celllm.network.runtime.Workers;

/**
 * Compares every query with every vector of the reference, in tiles: beyond the vectors themselves a worker needs about
 * {@code QUERIES · (ROWS + dim)} numbers, whatever there is to search. Products are of 32-bit floats; the best of them, a
 * few more than asked for, are computed again in 64 bits, so that rounding decides nothing but ties within it.
 *
 * @param reference what is searched
 * @param workers who compute; each takes queries of its own
 */
public record ExactSearch(UnitVectors reference, Workers workers) implements NeighbourSearch {
    private static final int QUERIES = 256;
    private static final int ROWS = 4096;

    /** So many more are kept until their cosines are exact. */
    private static final int SPARE = 8;

    @Override
    public String word() {
        return "exact";
    }

    @Override
    public Nearest nearest(UnitVectors queries, int k) {
        int kept = Math.min(k, reference.size());
        int[] rows = new int[Math.multiplyExact(queries.size(), kept)];
        float[] cosines = new float[rows.length];
        int pieces = (queries.size() + QUERIES - 1) / QUERIES;
        if (pieces > 0) {
            workers.run(Math.min(workers.count(), pieces), pieces, (worker, piece) -> {
                int from = piece * QUERIES;
                int to = Math.min(queries.size(), from + QUERIES);
                ShortList[] lists = lists(queries, from, to, Math.min(reference.size(), kept + SPARE));
                for (int query = from; query < to; query++) {
                    lists[query - from].settle(reference, queries.rows()[query], kept, rows, cosines, query * kept);
                }
            });
        }
        return new Nearest(kept, rows, cosines);
    }

    private ShortList[] lists(UnitVectors queries, int from, int to, int most) {
        ShortList[] lists = new ShortList[to - from];
        for (int i = 0; i < lists.length; i++) {
            lists[i] = new ShortList(most);
        }
        Native.runWithoutGradient(() -> {
            Tensor asked = tensor(queries, from, to);
            for (int first = 0; first < reference.size(); first += ROWS) {
                int last = Math.min(reference.size(), first + ROWS);
                int start = first;
                Native.run(() -> {
                    float[] products = TensorArrays.floats(
                            torch.mm(asked, tensor(reference, start, last).t()));
                    for (int i = 0; i < lists.length; i++) {
                        double least = lists[i].least();
                        for (int row = start; row < last; row++) {
                            float product = products[i * (last - start) + row - start];
                            if (product >= least) {
                                lists[i].offer(row, product);
                                least = lists[i].least();
                            }
                        }
                    }
                });
            }
        });
        return lists;
    }

    private static Tensor tensor(UnitVectors vectors, int from, int to) {
        int dim = vectors.dim();
        float[] values = new float[(to - from) * dim];
        for (int row = from; row < to; row++) {
            System.arraycopy(vectors.rows()[row], 0, values, (row - from) * dim, dim);
        }
        return TensorArrays.of(values, to - from, dim);
    }
}
