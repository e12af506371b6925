package org.celllm.data.corpus;

import java.util.ArrayList;
import java.util.Collections;
import java.util.EnumMap;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;

/**
 * In which shares cells are drawn. First every combination of the {@code balance} fields that occurs gets the same share,
 * its cells equal parts of it (without such fields, every cell gets the same); then the share of every cell is multiplied
 * by the weights of its disease, tissue, source and label, and all shares are scaled to add up to one.
 *
 * @param balance fields whose combinations are drawn equally often
 * @param weights factors, above zero, by field and name; what is not named has 1
 */
public record SamplingWeights(Set<StratumField> balance, Map<StratumField, Map<String, Double>> weights) {
    /** Every cell as often as every other. */
    public static final SamplingWeights NONE = new SamplingWeights(Set.of(), Map.of());

    public SamplingWeights {
        EnumSet<StratumField> fields = EnumSet.noneOf(StratumField.class);
        fields.addAll(balance);
        balance = Collections.unmodifiableSet(fields);
        EnumMap<StratumField, Map<String, Double>> sorted = new EnumMap<>(StratumField.class);
        weights.forEach((field, byName) -> {
            byName.forEach((name, weight) -> {
                if (!(weight > 0) || Double.isInfinite(weight)) {
                    throw new IllegalArgumentException(
                            "the weight of " + field.word() + " " + name + " is " + weight + ", not above zero");
                }
            });
            if (!byName.isEmpty()) {
                sorted.put(field, Collections.unmodifiableMap(new TreeMap<>(byName)));
            }
        });
        weights = Collections.unmodifiableMap(sorted);
    }

    /** Balanced by these fields, without weights. */
    public static SamplingWeights balanced(StratumField... fields) {
        return new SamplingWeights(Set.of(fields), Map.of());
    }

    /** Whether cells come as they are. */
    public boolean isNone() {
        return balance.isEmpty() && weights.isEmpty();
    }

    /** Fields that decide a cell's share. */
    Set<StratumField> fields() {
        EnumSet<StratumField> fields = EnumSet.noneOf(StratumField.class);
        fields.addAll(balance);
        fields.addAll(weights.keySet());
        return fields;
    }

    /** In words, the same for the same weights: {@code balanced by disease, tissue; tissue=lung:0.5}. Empty for none. */
    public String text() {
        List<String> words = new ArrayList<>();
        if (!balance.isEmpty()) {
            words.add("balanced by "
                    + String.join(", ", balance.stream().map(StratumField::word).toList()));
        }
        weights.forEach((field, byName) ->
                byName.forEach((name, weight) -> words.add(field.word() + "=" + name + ":" + weight)));
        return String.join("; ", words);
    }
}
