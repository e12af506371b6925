package org.celllm.tasks.response.model;

import java.io.IOException;
import java.nio.file.Path;
import java.util.EnumMap;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import org.celllm.data.files.SafeFiles;
import org.celllm.tasks.response.SplitKind;

/**
 * Predicted responses of lines to drugs, and what of them the model had seen.
 *
 * @param query what was asked
 * @param lnIc50 [lines][drugs]
 * @param lineKnown [lines]
 * @param drugKnown [drugs]
 * @param errors root mean squared error to expect of each kind of unseen pair, in ln IC50
 * @param missingColumns columns that the model was fitted on and the query lacks
 */
public record ResponsePredictions(
        ResponseQuery query,
        double[][] lnIc50,
        boolean[] lineKnown,
        boolean[] drugKnown,
        Map<SplitKind, Double> errors,
        int missingColumns) {
    private static final String HEADER = "line,drug,ln_IC50,IC50_uM,fitted_on,expected_error\n";

    /** Asks a model. */
    public static ResponsePredictions of(ResponseModel model, ResponseQuery query) {
        int missing = 0;
        for (int t = 0; t < query.lines().size(); t++) {
            Set<String> there = new HashSet<>(query.lines().get(t).columns());
            missing += (int) model.columns().get(t).stream()
                    .filter(column -> !there.contains(column))
                    .count();
            if (missing == model.columns().get(t).size()) {
                throw new IllegalArgumentException("none of the columns that the model was fitted on is in the "
                        + model.kinds().get(t).word() + " of the lines: are they named alike, as "
                        + model.columns().get(t).get(0) + " and "
                        + query.lines().get(t).columns().get(0) + " are not?");
            }
        }
        Map<SplitKind, Double> errors = new EnumMap<>(SplitKind.class);
        for (SplitKind kind : SplitKind.values()) {
            errors.put(kind, model.expectedError(kind));
        }
        return new ResponsePredictions(
                query,
                model.predict(query),
                known(query.names(), model.lines()),
                known(query.drugs(), model.drugs()),
                errors,
                missing);
    }

    private static boolean[] known(List<String> asked, List<String> trained) {
        Set<String> names = new HashSet<>(trained);
        boolean[] known = new boolean[asked.size()];
        for (int i = 0; i < known.length; i++) {
            known[i] = names.contains(asked.get(i));
        }
        return known;
    }

    /** How many lines. */
    public int lines() {
        return lineKnown.length;
    }

    /** How many drugs. */
    public int drugs() {
        return drugKnown.length;
    }

    /** How many of the lines the model was fitted on. */
    public int knownLines() {
        return count(lineKnown);
    }

    /** How many of the drugs the model was fitted on. */
    public int knownDrugs() {
        return count(drugKnown);
    }

    private static int count(boolean[] known) {
        int count = 0;
        for (boolean one : known) {
            count += one ? 1 : 0;
        }
        return count;
    }

    /** Writes them as csv, a row a pair. */
    public void write(Path target) throws IOException {
        StringBuilder text = new StringBuilder(HEADER);
        for (int i = 0; i < lines(); i++) {
            for (int j = 0; j < drugs(); j++) {
                String fittedOn = lineKnown[i] ? drugKnown[j] ? "both" : "line" : drugKnown[j] ? "drug" : "neither";
                text.append(quoted(query.names().get(i)))
                        .append(',')
                        .append(quoted(query.drugs().get(j)))
                        .append(String.format(
                                Locale.ROOT,
                                ",%.4f,%.6g,%s,%.3f\n",
                                lnIc50[i][j],
                                Math.exp(lnIc50[i][j]),
                                fittedOn,
                                errors.get(ResponseModel.kind(lineKnown[i], drugKnown[j]))));
            }
        }
        SafeFiles.text(target, text.toString());
    }

    private static String quoted(String name) {
        return name.contains(",") || name.contains("\"") || name.contains("\n")
                ? '"' + name.replace("\"", "\"\"") + '"'
                : name;
    }
}
