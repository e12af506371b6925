package org.celllm.data.tokens;

import java.util.Locale;
import org.celllm.data.matrix.MatrixSlot;
import org.celllm.data.tokens.ValueSample.Undone;
import org.jspecify.annotations.Nullable;

/**
 * Decides the state of a slot's values from a sample of them, in this order:
 *
 * <ol>
 *   <li>values below zero: scaled;
 *   <li>all whole: counts;
 *   <li>cells that sum to the same number, as they are, after e^v − 1 or after 2^v − 1: TPM-like, log1p, log2p1;
 *   <li>values that are whole multiples of their cell's least value after one of the three: the same. This finds a
 *       logarithm of scaled counts even where only some of the genes are left, so that the sums differ;
 *   <li>values too large for a logarithm: TPM-like;
 *   <li>else the logarithm whose undoing leaves the more equal and the more plausible sums.
 * </ol>
 */
final class StateOfValues {
    private static final double EQUAL_SUMS = 0.01;

    private static final double STEPS = 0.85;

    private static final double LARGEST_LOGARITHM = 30;

    private StateOfValues() {}

    static SlotFinding of(MatrixSlot slot, ValueSample sample) {
        SlotFinding found = stateOf(slot, sample);
        if (sample.missing() == 0) {
            return found;
        }
        String evidence = String.format(
                Locale.ROOT,
                "%s; %,d of the sampled values are not numbers (NaN) and are read as 0",
                found.evidence(),
                sample.missing());
        return new SlotFinding(slot, found.state(), evidence, found.target(), found.least(), found.most());
    }

    private static SlotFinding stateOf(MatrixSlot slot, ValueSample sample) {
        if (sample.negative() > 0) {
            return finding(slot, sample, ValueState.SCALED, percent(sample.negative(), sample) + " are below zero");
        }
        if (sample.whole() == sample.values()) {
            return finding(
                    slot,
                    sample,
                    ValueState.COUNTS,
                    sample.values() == 0 ? "all sampled values are zero" : "all are whole numbers");
        }
        SlotFinding found = bySums(slot, sample);
        if (found == null) {
            found = bySteps(slot, sample);
        }
        return found == null ? bySize(slot, sample) : found;
    }

    private static @Nullable SlotFinding bySums(MatrixSlot slot, ValueSample sample) {
        double plain = spread(sample.plain());
        double natural = spread(sample.natural());
        double binary = spread(sample.binary());
        double best = Math.min(plain, Math.min(natural, binary));
        if (best > EQUAL_SUMS) {
            return null;
        }
        if (best == plain) {
            return finding(
                    slot,
                    sample,
                    ValueState.TPM,
                    "every cell sums to " + number(sample.plain().sum()));
        }
        if (best == natural) {
            double target = sample.natural().sum();
            return new SlotFinding(
                    slot,
                    ValueState.LOG1P,
                    extremes(sample) + ", e^v − 1 sums to " + number(target) + " in every cell",
                    target,
                    sample.least(),
                    sample.most());
        }
        return finding(
                slot,
                sample,
                ValueState.LOG2P1,
                "2^v − 1 sums to " + number(sample.binary().sum()) + " in every cell");
    }

    private static @Nullable SlotFinding bySteps(MatrixSlot slot, ValueSample sample) {
        double plain = steps(sample.plain());
        double natural = steps(sample.natural());
        double binary = steps(sample.binary());
        double best = Math.max(plain, Math.max(natural, binary));
        if (best < STEPS) {
            return null;
        }
        String multiples =
                String.format(Locale.ROOT, "%.0f%% are whole multiples of the cell's least value", 100 * best);
        if (best == plain) {
            return finding(slot, sample, ValueState.TPM, multiples);
        }
        return best == natural
                ? finding(slot, sample, ValueState.LOG1P, "after e^v − 1 " + multiples)
                : finding(slot, sample, ValueState.LOG2P1, "after 2^v − 1 " + multiples);
    }

    private static SlotFinding bySize(MatrixSlot slot, ValueSample sample) {
        if (sample.most() > LARGEST_LOGARITHM) {
            return finding(slot, sample, ValueState.TPM, "too large for logarithms, not whole");
        }
        boolean tooMuchForNatural = sample.natural().sum() > 1.5 * ExpressionTokens.PER;
        boolean binaryMoreEqual = spread(sample.binary()) < 0.7 * spread(sample.natural());
        if (tooMuchForNatural || (binaryMoreEqual && sample.most() > 9.3)) {
            return finding(
                    slot,
                    sample,
                    ValueState.LOG2P1,
                    "e^v − 1 would sum to " + number(sample.natural().sum()) + " in a cell, 2^v − 1 to "
                            + number(sample.binary().sum()));
        }
        return finding(
                slot,
                sample,
                ValueState.LOG1P,
                "not whole, e^v − 1 sums to " + number(sample.natural().sum()) + " in a cell");
    }

    private static SlotFinding finding(MatrixSlot slot, ValueSample sample, ValueState state, String evidence) {
        return new SlotFinding(slot, state, extremes(sample) + ", " + evidence, 0, sample.least(), sample.most());
    }

    private static double spread(Undone undone) {
        return Double.isNaN(undone.spread()) ? Double.POSITIVE_INFINITY : undone.spread();
    }

    private static double steps(Undone undone) {
        return Double.isNaN(undone.steps()) ? 0 : undone.steps();
    }

    private static String extremes(ValueSample sample) {
        return number(sample.least()) + " to " + number(sample.most());
    }

    private static String percent(long part, ValueSample sample) {
        return String.format(Locale.ROOT, "%.0f%%", 100.0 * part / Math.max(1, sample.values()));
    }

    private static String number(double value) {
        if (value == Math.rint(value) && Math.abs(value) < 1e9) {
            return String.format(Locale.ROOT, "%,d", (long) value);
        }
        return Math.abs(value) >= 1000
                ? String.format(Locale.ROOT, "%,.0f", value)
                : String.format(Locale.ROOT, "%.3g", value);
    }
}
