package org.celllm.data.tokens;

import org.celllm.data.matrix.MatrixSlot;

/**
 * What was found in one slot of a file.
 *
 * @param slot the slot
 * @param state the state its values are in
 * @param evidence the figures that say so, for people
 * @param target for log1p, the sum per cell the values were scaled to before the logarithm (10,000 as a rule), 0 when it
 *     is not the same for all cells or the state is another
 * @param least the least value in the sample, zeros included
 * @param most the largest value in the sample
 */
public record SlotFinding(
        MatrixSlot slot, ValueState state, String evidence, double target, double least, double most) {}
