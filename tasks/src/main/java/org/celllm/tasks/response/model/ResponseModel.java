package org.celllm.tasks.response.model;

import java.util.EnumMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.celllm.tasks.drug.Molecule;
import org.celllm.tasks.response.LineTables;
import org.celllm.tasks.response.NamedFeatures;
import org.celllm.tasks.response.SplitKind;
import org.jspecify.annotations.Nullable;

/**
 * A fitted model of ln IC50: two paths and how they are blended, by what of a pair is known already.
 *
 * <p>Not thread safe. Closing it frees native memory.
 */
public final class ResponseModel implements AutoCloseable {
    private final TrainedPairProcess wide;
    private final TrainedPairNetworks deep;
    private final Map<SplitKind, Blend> blends;
    private final Map<SplitKind, Double> errors;
    private final List<LineTables.Kind> kinds;
    private final @Nullable List<Molecule> molecules;

    /**
     * @param wide is closed with it
     * @param deep is closed with it
     * @param blends one for each kind of unseen pair
     * @param errors root mean squared errors of held-out pairs of each kind, in ln IC50
     * @param kinds of the tables of lines
     * @param molecules of the drugs, {@code null} when it was fitted without
     */
    ResponseModel(
            TrainedPairProcess wide,
            TrainedPairNetworks deep,
            Map<SplitKind, Blend> blends,
            Map<SplitKind, Double> errors,
            List<LineTables.Kind> kinds,
            @Nullable List<Molecule> molecules) {
        this.wide = wide;
        this.deep = deep;
        this.blends = new EnumMap<>(blends);
        this.errors = new EnumMap<>(errors);
        this.kinds = List.copyOf(kinds);
        this.molecules = molecules == null ? null : List.copyOf(molecules);
        if (kinds.size() != wide.features().tables().size()) {
            throw new IllegalArgumentException(kinds.size() + " kinds of tables for "
                    + wide.features().tables().size() + " tables");
        }
        if (molecules != null && molecules.size() != wide.drugs().size()) {
            throw new IllegalArgumentException(
                    molecules.size() + " molecules for " + wide.drugs().size() + " drugs");
        }
        for (SplitKind kind : SplitKind.values()) {
            Blend blend = blends.get(kind);
            if (blend == null || blend.weights().length != 2 || !errors.containsKey(kind)) {
                throw new IllegalArgumentException("no blend of two paths for " + kind.description());
            }
        }
    }

    /** The lines it was fitted on. */
    public List<String> lines() {
        return wide.lines();
    }

    /** The drugs it was fitted on. */
    public List<String> drugs() {
        return wide.drugs();
    }

    /** The columns of each table of lines that it was fitted on, expression first. */
    public List<List<String>> columns() {
        return wide.features().tables().stream()
                .map(LineFeatures.Table::columns)
                .toList();
    }

    /** The kinds of the tables of lines that it needs, in their order. */
    public List<LineTables.Kind> kinds() {
        return kinds;
    }

    /** The molecules of the drugs that it was fitted on, {@code null} when there were none. */
    public @Nullable List<Molecule> molecules() {
        return molecules;
    }

    /**
     * A question that it can answer.
     *
     * @param lines of the kinds that it needs
     * @param asked other drugs, or {@code null} for those that it was fitted on
     * @throws IllegalArgumentException when tables or molecules are not what it needs
     */
    public ResponseQuery query(LineTables lines, @Nullable List<Molecule> asked) {
        if (!lines.kinds().equals(kinds)) {
            throw new IllegalArgumentException(
                    "the model was fitted on " + words(kinds) + " of the lines, not on " + words(lines.kinds()));
        }
        DrugSimilarity similarity = wide.similarity();
        NamedFeatures given = similarity != null && similarity.kernel() instanceof DrugKernel.OfFeatures features
                ? features.trained()
                : null;
        if (asked == null) {
            return new ResponseQuery(lines.all(), drugs(), given, molecules);
        }
        if (molecules == null) {
            throw new IllegalArgumentException("the model was fitted without molecules: it knows its own drugs only");
        }
        List<String> names = asked.stream().map(Molecule::name).toList();
        if (given == null) {
            return new ResponseQuery(lines.all(), names, null, asked);
        }
        for (String name : names) {
            if (!drugs().contains(name)) {
                throw new IllegalArgumentException(
                        "the model was fitted on given features of its drugs (--drug-features) and knows"
                                + " those alone, not " + name
                                + "; leave that drug out, or fit a model without --drug-features");
            }
        }
        return new ResponseQuery(lines.all(), names, given.of(names), asked);
    }

    private static String words(List<LineTables.Kind> kinds) {
        return String.join(", ", kinds.stream().map(LineTables.Kind::word).toList());
    }

    /** What of a pair is new to it: nothing but the pair ({@link SplitKind#RANDOM}), the line, the drug, or both. */
    public static SplitKind kind(boolean lineKnown, boolean drugKnown) {
        if (lineKnown) {
            return drugKnown ? SplitKind.RANDOM : SplitKind.DRUGS;
        }
        return drugKnown ? SplitKind.LINES : SplitKind.BOTH;
    }

    /** The root mean squared error, in ln IC50, of held-out pairs of a kind when it was fitted. */
    public double expectedError(SplitKind kind) {
        return errors.getOrDefault(kind, Double.NaN);
    }

    /**
     * Predicts all lines with all drugs.
     *
     * @return [lines, drugs] ln IC50
     */
    public double[][] predict(ResponseQuery query) {
        double[][] first = wide.predict(query);
        double[][] second = deep.predict(query);
        Set<String> lines = new HashSet<>(lines());
        Set<String> drugs = new HashSet<>(drugs());
        double[][] predicted = new double[first.length][query.drugs().size()];
        for (int i = 0; i < predicted.length; i++) {
            boolean lineKnown = lines.contains(query.names().get(i));
            for (int j = 0; j < predicted[i].length; j++) {
                SplitKind kind = kind(lineKnown, drugs.contains(query.drugs().get(j)));
                predicted[i][j] = blend(kind).of(first[i][j], second[i][j]);
            }
        }
        return predicted;
    }

    private Blend blend(SplitKind kind) {
        Blend blend = blends.get(kind);
        if (blend == null) {
            throw new IllegalStateException("no blend for " + kind);
        }
        return blend;
    }

    TrainedPairProcess wide() {
        return wide;
    }

    TrainedPairNetworks deep() {
        return deep;
    }

    Map<SplitKind, Blend> blends() {
        return blends;
    }

    @Override
    public void close() {
        wide.close();
        deep.close();
    }
}
