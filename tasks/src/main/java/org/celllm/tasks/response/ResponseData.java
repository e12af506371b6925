package org.celllm.tasks.response;

import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * All that methods may look at. Features have the lines and drugs of the responses, in their order; of the responses a
 * method is to use those of a split's training pairs, and those of its validation pairs to choose settings by.
 *
 * @param responses the pairs whose line and drug have all the features that were given
 * @param expression [lines, genes]
 * @param mutation [lines, genes], or {@code null}
 * @param copyNumber [lines, genes], or {@code null}
 * @param drugFeatures [drugs, features], or {@code null}
 * @param thresholds [drugs] ln IC50 below which a line is sensitive, NaN where there is none; {@code null} without any
 * @param left what had to stay out
 */
public record ResponseData(
        DrugResponses responses,
        NamedFeatures expression,
        @Nullable NamedFeatures mutation,
        @Nullable NamedFeatures copyNumber,
        @Nullable NamedFeatures drugFeatures,
        float @Nullable [] thresholds,
        LeftOut left) {
    public ResponseData {
        Stream.of(expression, mutation, copyNumber).forEach(features -> {
            if (features != null && !features.names().equals(responses.lines())) {
                throw new IllegalArgumentException("features and responses name different lines");
            }
        });
        if (drugFeatures != null && !drugFeatures.names().equals(responses.drugs())) {
            throw new IllegalArgumentException("features and responses name different drugs");
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
        return of(responses, expression, null, null, null, null);
    }

    /**
     * Brings tables into one order and counts what has no features.
     *
     * @throws IllegalArgumentException when no pair has features
     */
    public static ResponseData of(
            DrugResponses measured,
            NamedFeatures expression,
            @Nullable NamedFeatures mutation,
            @Nullable NamedFeatures copyNumber,
            @Nullable NamedFeatures drugFeatures,
            @Nullable ResponseThresholds thresholds) {
        Set<String> lines = new HashSet<>(expression.names());
        if (mutation != null) {
            lines.retainAll(new HashSet<>(mutation.names()));
        }
        if (copyNumber != null) {
            lines.retainAll(new HashSet<>(copyNumber.names()));
        }
        Set<String> drugs = new HashSet<>(drugFeatures == null ? measured.drugs() : drugFeatures.names());
        DrugResponses kept = measured.where(lines::contains, drugs::contains);
        if (kept.pairs() == 0) {
            throw new IllegalArgumentException("none of the " + measured.lines().size()
                    + " measured lines has features: are they named alike, as "
                    + measured.lines().get(0) + " and " + expression.names().get(0) + " are not?");
        }
        LeftOut left = new LeftOut(
                measured.lines().stream().filter(name -> !lines.contains(name)).toList(),
                measured.drugs().stream().filter(name -> !drugs.contains(name)).toList(),
                measured.pairs() - kept.pairs());
        return new ResponseData(
                kept,
                expression.of(kept.lines()),
                mutation == null ? null : mutation.of(kept.lines()),
                copyNumber == null ? null : copyNumber.of(kept.lines()),
                drugFeatures == null ? null : drugFeatures.of(kept.drugs()),
                thresholds == null ? null : thresholds.of(kept.drugs()),
                left);
    }
}
