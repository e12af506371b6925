package org.celllm.data.tokens;

import java.io.IOException;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.function.Predicate;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.celllm.data.InputException;
import org.celllm.data.matrix.ExpressionFile;
import org.celllm.data.matrix.MatrixSlot;
import org.jspecify.annotations.Nullable;

/** Finds out what the values of a file are and chooses the slot to read. */
public final class ValueStates {
    private static final int PLACES = 16;

    private static final int CELLS_A_PLACE = 8;

    private ValueStates() {}

    /**
     * Looks at a sample of the values of every slot: up to 128 cells, spread over the file.
     *
     * @return one finding a slot, in the file's order
     */
    public static List<SlotFinding> findings(ExpressionFile file) throws IOException {
        List<SlotFinding> findings = new ArrayList<>();
        for (MatrixSlot slot : file.slots()) {
            findings.add(StateOfValues.of(slot, ValueSample.of(file.pick(slot, sampledRows(slot.cells())))));
        }
        return findings;
    }

    /**
     * Chooses the slot to read and says why. Left to itself it prefers counts to any logarithm and a logarithm to
     * TPM-like values; among equals the slot with the most genes, then {@code X}.
     *
     * @throws InputException when the file has no such values, or only scaled ones and nobody said {@code scaled}
     */
    public static SlotChoice choose(ExpressionFile file, ValuesOption option) throws IOException {
        return choose(file, findings(file), option);
    }

    /** As {@link #choose(ExpressionFile, ValuesOption)}, from findings that are there already. */
    public static SlotChoice choose(ExpressionFile file, List<SlotFinding> findings, ValuesOption option) {
        ValueState wanted = option.state();
        if (wanted == null) {
            return automatic(file, findings);
        }
        SlotFinding same = best(findings, f -> f.state() == wanted);
        if (same != null) {
            return new SlotChoice(same.slot(), wanted, "as asked for, and as found: " + same.evidence(), findings);
        }
        SlotFinding first = findings.get(0);
        boolean possible = switch (wanted) {
            case COUNTS -> false;
            case LOG1P, LOG2P1 -> first.least() >= 0 && first.most() < 60;
            case TPM, SCALED, ASIS -> true;
        };
        if (!possible) {
            throw InputException.about(file.path())
                    .found("no slot can hold " + wanted.word() + " values: " + listed(findings))
                    .remedy("Leave out --values to have the state found, or put the counts into a layer:"
                            + " adata.layers[\"counts\"] = counts")
                    .build();
        }
        return new SlotChoice(
                first.slot(),
                wanted,
                "as asked for, though it looks " + first.state().word() + ": " + first.evidence(),
                findings);
    }

    private static SlotChoice automatic(ExpressionFile file, List<SlotFinding> findings) {
        for (ValueState state : List.of(ValueState.COUNTS, ValueState.LOG1P, ValueState.LOG2P1, ValueState.TPM)) {
            SlotFinding found = best(findings, f -> f.state() == state);
            if (found != null) {
                String why = findings.size() == 1
                        ? found.evidence()
                        : "the " + state.word() + " slot with the most genes: " + found.evidence();
                return new SlotChoice(found.slot(), state, why, findings);
            }
        }
        throw InputException.about(file.path())
                .found("the values are scaled and there are no counts: " + listed(findings))
                .expected("counts, or their logarithm, in X, raw or a layer")
                .remedy("Keep the counts when scaling (adata.layers[\"counts\"] = adata.X.copy()), or say"
                        + " --values scaled to bin the scaled values by quantiles of each gene")
                .build();
    }

    private static @Nullable SlotFinding best(List<SlotFinding> findings, Predicate<SlotFinding> fits) {
        return findings.stream()
                .filter(fits)
                .min(Comparator.comparing((SlotFinding f) -> partial(f.slot()))
                        .thenComparing(f -> -f.slot().genes())
                        .thenComparing(f -> rank(f.slot())))
                .orElse(null);
    }

    /** Layers that hold only a share of the counts, or invented ones. */
    private static boolean partial(MatrixSlot slot) {
        String name = slot.name().toLowerCase(Locale.ROOT);
        return name.contains("spliced")
                || name.contains("ambiguous")
                || name.contains("imput")
                || name.contains("magic")
                || name.contains("denoised");
    }

    private static int rank(MatrixSlot slot) {
        String name = slot.name().toLowerCase(Locale.ROOT);
        return switch (name) {
            case "x", "matrix" -> 0;
            case "layers/counts", "layers/raw", "layers/raw_counts", "layers/raw_count" -> 1;
            case "raw/x" -> 2;
            default -> 3;
        };
    }

    private static String listed(List<SlotFinding> findings) {
        return findings.stream()
                .map(f -> f.slot().name() + " is " + f.state().word() + " (" + f.evidence() + ")")
                .collect(Collectors.joining(", "));
    }

    /** Up to 128 rows: runs of 8 at 16 places spread over the file. */
    static int[] sampledRows(int cells) {
        if (cells <= PLACES * CELLS_A_PLACE) {
            return IntStream.range(0, cells).toArray();
        }
        return IntStream.range(0, PLACES * CELLS_A_PLACE)
                .map(i ->
                        (int) ((long) (i / CELLS_A_PLACE) * (cells - CELLS_A_PLACE) / (PLACES - 1)) + i % CELLS_A_PLACE)
                .distinct()
                .toArray();
    }
}
