package org.celllm.tasks.response;

import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Function;
import java.util.stream.Collectors;
import org.celllm.tasks.drug.DrugTable;
import org.celllm.tasks.drug.Molecule;
import org.jspecify.annotations.Nullable;

/**
 * All that methods may look at. Features have the lines and drugs of the responses, in their order; of the responses a
 * method is to use those of a split's training pairs, and those of its validation pairs to choose settings by.
 *
 * @param responses the pairs whose line and drug have all the features that were given
 * @param lines what is known of the lines
 * @param drugFeatures [drugs, features] that stand in place of what is computed from molecules, or {@code null}
 * @param molecules [drugs], or {@code null}
 * @param thresholds [drugs] ln IC50 below which a line is sensitive, NaN where there is none; {@code null} without any
 * @param left what had to stay out
 */
public record ResponseData(
        DrugResponses responses,
        LineTables lines,
        @Nullable NamedFeatures drugFeatures,
        @Nullable List<Molecule> molecules,
        float @Nullable [] thresholds,
        LeftOut left) {
    public ResponseData {
        molecules = molecules == null ? null : List.copyOf(molecules);
        for (NamedFeatures table : lines.all()) {
            if (!table.names().equals(responses.lines())) {
                throw new IllegalArgumentException("features and responses name different lines");
            }
        }
        if (drugFeatures != null && !drugFeatures.names().equals(responses.drugs())) {
            throw new IllegalArgumentException("features and responses name different drugs");
        }
        if (molecules != null
                && !molecules.stream().map(Molecule::name).toList().equals(responses.drugs())) {
            throw new IllegalArgumentException("molecules and responses name different drugs");
        }
        if (thresholds != null && thresholds.length != responses.drugs().size()) {
            throw new IllegalArgumentException(
                    thresholds.length + " thresholds for " + responses.drugs().size() + " drugs");
        }
    }

    /**
     * What is not scored for want of features.
     *
     * @param lines measured lines without features
     * @param drugs measured drugs without features
     * @param pairs with such a line or drug
     */
    public record LeftOut(List<String> lines, List<String> drugs, int pairs) {
        public LeftOut {
            lines = List.copyOf(lines);
            drugs = List.copyOf(drugs);
        }
    }

    /** Responses with the expression of their lines, and nothing else. */
    public static ResponseData of(DrugResponses responses, NamedFeatures expression) {
        return of(responses, LineTables.of(expression), null, null, null);
    }

    /**
     * Brings tables into one order and counts what has no features.
     *
     * @param drugFeatures or {@code null}
     * @throws IllegalArgumentException when no pair has features
     */
    public static ResponseData of(
            DrugResponses measured,
            LineTables tables,
            @Nullable NamedFeatures drugFeatures,
            @Nullable DrugTable molecules,
            @Nullable ResponseThresholds thresholds) {
        Set<String> lines = tables.common();
        Set<String> drugs = new HashSet<>(drugFeatures == null ? measured.drugs() : drugFeatures.names());
        Map<String, Molecule> byName = molecules == null
                ? Map.of()
                : molecules.molecules().stream().collect(Collectors.toMap(Molecule::name, Function.identity()));
        if (molecules != null) {
            drugs.retainAll(byName.keySet());
        }
        DrugResponses kept = measured.where(lines::contains, drugs::contains);
        if (kept.pairs() == 0) {
            throw new IllegalArgumentException("none of the " + measured.lines().size()
                    + " measured lines has features: are they named alike, as "
                    + measured.lines().get(0) + " and "
                    + tables.expression().names().get(0) + " are not?");
        }
        LeftOut left = new LeftOut(
                measured.lines().stream().filter(name -> !lines.contains(name)).toList(),
                measured.drugs().stream().filter(name -> !drugs.contains(name)).toList(),
                measured.pairs() - kept.pairs());
        return new ResponseData(
                kept,
                tables.of(kept.lines()),
                drugFeatures == null ? null : drugFeatures.of(kept.drugs()),
                molecules == null
                        ? null
                        : kept.drugs().stream().map(byName::get).toList(),
                thresholds == null ? null : thresholds.of(kept.drugs()),
                left);
    }

    /** The same without what a cell language model makes of the lines' expression. */
    public ResponseData withoutEncoded() {
        return new ResponseData(responses, lines.withoutEncoded(), drugFeatures, molecules, thresholds, left);
    }
}
