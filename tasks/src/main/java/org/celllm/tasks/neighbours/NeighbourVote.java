package org.celllm.tasks.neighbours;

import org.celllm.tasks.labels.CellLabels;

/**
 * The label that the neighbours of a cell vote for. A neighbour of cosine s counts exp(s / 0.07), the weighting of Wu,
 * Xiong, Yu and Lin (<i>Unsupervised Feature Learning via Non-Parametric Instance Discrimination</i>, CVPR 2018).
 *
 * @param code of the label with the largest share, the first of equals
 * @param share of the vote that it has
 */
public record NeighbourVote(int code, float share) {
    private static final double TEMPERATURE = 0.07;

    /** The vote about one query. */
    static NeighbourVote of(Nearest nearest, int query, CellLabels labels) {
        double[] shares = shares(nearest, query, labels.codes(), labels.classes());
        int best = 0;
        for (int c = 1; c < shares.length; c++) {
            best = shares[c] > shares[best] ? c : best;
        }
        return new NeighbourVote(best, (float) shares[best]);
    }

    /**
     * Shares of the vote about one query.
     *
     * @param codes [reference] labels, all of them known
     * @return [classes] with sum 1
     */
    public static double[] shares(Nearest nearest, int query, int[] codes, int classes) {
        int first = query * nearest.k();
        double[] shares = new double[classes];
        double sum = 0;
        for (int i = first; i < first + nearest.k(); i++) {
            // Beside the nearest, whose weight is then 1: no overflow, no vote of nothing.
            double weight = Math.exp((nearest.cosines()[i] - nearest.cosines()[first]) / TEMPERATURE);
            shares[codes[nearest.rows()[i]]] += weight;
            sum += weight;
        }
        for (int c = 0; c < classes; c++) {
            shares[c] /= sum;
        }
        return shares;
    }
}
