package org.celllm.tasks.response.model;

import java.util.List;
import org.celllm.tasks.drug.Molecule;
import org.celllm.tasks.response.NamedFeatures;
import org.celllm.tasks.response.ResponseData;
import org.jspecify.annotations.Nullable;

/**
 * What is asked: the responses of lines to drugs, all with all. A line or drug that a model was trained on is known again
 * by its name; any other is known by its features alone.
 *
 * @param lines what is known of the lines, one table a kind of feature, the first of them expression, all with the same names
 * @param drugs the drugs' names
 * @param drugFeatures [drugs, features], or {@code null}
 * @param molecules of the drugs, or {@code null}
 */
public record ResponseQuery(
        List<NamedFeatures> lines,
        List<String> drugs,
        @Nullable NamedFeatures drugFeatures,
        @Nullable List<Molecule> molecules) {
    public ResponseQuery {
        lines = List.copyOf(lines);
        drugs = List.copyOf(drugs);
        molecules = molecules == null ? null : List.copyOf(molecules);
        if (lines.isEmpty()) {
            throw new IllegalArgumentException("nothing is known of the lines");
        }
        for (NamedFeatures table : lines) {
            if (!table.names().equals(lines.get(0).names())) {
                throw new IllegalArgumentException("tables of features name different lines");
            }
        }
        if (drugFeatures != null && !drugFeatures.names().equals(drugs)) {
            throw new IllegalArgumentException("features of other drugs");
        }
        if (molecules != null && molecules.size() != drugs.size()) {
            throw new IllegalArgumentException(molecules.size() + " molecules for " + drugs.size() + " drugs");
        }
    }

    /** All lines and drugs of a data set. */
    public static ResponseQuery of(ResponseData data) {
        return new ResponseQuery(data.lines().all(), data.responses().drugs(), data.drugFeatures(), data.molecules());
    }

    /** The lines' names. */
    public List<String> names() {
        return lines.get(0).names();
    }
}
