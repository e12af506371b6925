package org.celllm.data.tokens;

import org.celllm.data.matrix.CellBlock;

/**
 * Figures of a few cells of a slot, from which the state of its values follows.
 *
 * @param values stored values other than zero
 * @param whole how many of them are whole numbers
 * @param negative how many are below zero
 * @param least the least of them; zero when there is none below
 * @param most the largest
 * @param missing how many values beside them are NaN
 * @param plain the cells as they are
 * @param natural the cells after e^v − 1
 * @param binary the cells after 2^v − 1
 */
record ValueSample(
        long values,
        long whole,
        long negative,
        double least,
        double most,
        long missing,
        Undone plain,
        Undone natural,
        Undone binary) {

    /**
     * What the cells look like after undoing a logarithm.
     *
     * @param sum mean over cells of the sum of a cell
     * @param spread standard deviation of those sums over their mean; NaN when there are fewer than two cells
     * @param steps share of values that are a whole multiple of their cell's least value: near 1 when the values were
     *     counts before each cell was scaled
     */
    record Undone(double sum, double spread, double steps) {}

    static ValueSample of(CellBlock block) {
        long whole = 0;
        long negative = 0;
        double least = 0;
        double most = 0;
        int end = block.offsets()[block.cells()];
        for (int i = 0; i < end; i++) {
            double value = block.values()[i];
            whole += value == Math.rint(value) ? 1 : 0;
            negative += value < 0 ? 1 : 0;
            least = Math.min(least, value);
            most = Math.max(most, value);
        }
        return new ValueSample(
                end,
                whole,
                negative,
                least,
                most,
                block.missing(),
                undone(block, ValueState.COUNTS),
                undone(block, ValueState.LOG1P),
                undone(block, ValueState.LOG2P1));
    }

    private static Undone undone(CellBlock block, ValueState state) {
        int cells = 0;
        double mean = 0;
        double squares = 0;
        long stepped = 0;
        long compared = 0;
        for (int cell = 0; cell < block.cells(); cell++) {
            int from = block.offsets()[cell];
            int to = block.offsets()[cell + 1];
            double sum = 0;
            double unit = Double.POSITIVE_INFINITY;
            for (int i = from; i < to; i++) {
                double linear = ExpressionTokens.linear(block.values()[i], state);
                sum += linear;
                unit = linear > 0 ? Math.min(unit, linear) : unit;
            }
            if (to == from) {
                continue;
            }
            cells++;
            double delta = sum - mean;
            mean += delta / cells;
            squares += delta * (sum - mean);
            for (int i = from; i < to; i++) {
                double ratio = ExpressionTokens.linear(block.values()[i], state) / unit;
                // Beyond some hundred steps the rounding of 32-bit values hides them.
                if (ratio > 1.0001 && ratio < 300) {
                    compared++;
                    stepped += Math.abs(ratio - Math.rint(ratio)) < 0.01 ? 1 : 0;
                }
            }
        }
        double spread = cells < 2 || mean == 0 ? Double.NaN : Math.sqrt(squares / (cells - 1)) / Math.abs(mean);
        return new Undone(mean, spread, compared < 20 ? Double.NaN : (double) stepped / compared);
    }
}
