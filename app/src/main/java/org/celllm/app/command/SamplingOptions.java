package org.celllm.app.command;

import java.util.EnumMap;
import java.util.EnumSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.celllm.data.InputException;
import org.celllm.data.corpus.SamplingWeights;
import org.celllm.data.corpus.StratumField;
import picocli.CommandLine.Option;

/** In which shares training cells are drawn. */
final class SamplingOptions {
    private static final String FIELD = "(?:disease|tissue|source|label)=";

    /** Names may have commas and colons: a comma ends a weight where a field follows, the last colon comes before it. */
    private static final Pattern NEXT = Pattern.compile(",(?=" + FIELD + ")", Pattern.CASE_INSENSITIVE);

    private static final Pattern WEIGHT = Pattern.compile("(\\w+)=(.+):([^:]+)");

    @Option(
            names = "--balance",
            paramLabel = "FIELD",
            split = ",",
            description =
                    "Draw every disease, tissue, source or label equally often, or every combination of several with"
                            + " commas: cells of rare ones come several times an epoch, whose length stays the same"
                            + " (default: every cell equally often).")
    Set<StratumField> balance = EnumSet.noneOf(StratumField.class);

    @Option(
            names = "--weight",
            paramLabel = "FIELD=NAME:W",
            description =
                    "Multiply the share of these cells by W, such as disease=cancer:2,tissue=lung:0.5; what is not"
                            + " named has 1, and shares are scaled to add up to one.")
    List<String> weights = List.of();

    /**
     * The shares.
     *
     * @throws InputException when they cannot be read
     */
    SamplingWeights weights() {
        Map<StratumField, Map<String, Double>> byField = new EnumMap<>(StratumField.class);
        for (String given : weights) {
            for (String one : NEXT.split(given)) {
                Matcher parts = WEIGHT.matcher(one);
                if (!parts.matches()
                        || byField.computeIfAbsent(field(one, parts.group(1)), none -> new TreeMap<>())
                                        .put(parts.group(2), number(one, parts.group(3)))
                                != null) {
                    throw refused(one, parts.matches() ? "is given twice" : "is no weight");
                }
            }
        }
        return Checked.option("--weight", () -> new SamplingWeights(balance, byField));
    }

    private static StratumField field(String one, String word) {
        for (StratumField field : StratumField.values()) {
            if (field.word().equals(word.toLowerCase(Locale.ROOT))) {
                return field;
            }
        }
        throw refused(one, "knows no '" + word + "'");
    }

    private static double number(String one, String text) {
        try {
            return Double.parseDouble(text);
        } catch (NumberFormatException e) {
            throw refused(one, "has no number after its last colon");
        }
    }

    private static InputException refused(String one, String found) {
        return InputException.about("--weight " + one)
                .found(found)
                .expected(
                        "disease, tissue, source or label, =, a name, : and a number above zero, such as tissue=lung:0.5")
                .build();
    }
}
