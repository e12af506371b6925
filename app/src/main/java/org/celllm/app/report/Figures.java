package org.celllm.app.report;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/** Numbers as a page shows them. */
public final class Figures {
    private Figures() {}

    /** {@code 12,345}. */
    public static String whole(long value) {
        return String.format(Locale.ROOT, "%,d", value);
    }

    /**
     * {@code 1 source}, {@code 12,345 sources}.
     *
     * @param one the noun of one, which has more with an s
     */
    public static String counted(long number, String one) {
        return whole(number) + " " + one + (number == 1 ? "" : "s");
    }

    /** {@code 1,234} of what is large or whole, else {@code 56.7}; a dash when there is none. */
    public static String plain(double value) {
        if (!Double.isFinite(value)) {
            return "–";
        }
        return Math.abs(value) >= 100 || value == Math.rint(value)
                ? whole(Math.round(value))
                : String.format(Locale.ROOT, "%.1f", value);
    }

    /** {@code 51.9 M}, {@code 812 k}. */
    public static String large(double value) {
        if (value >= 1e6) {
            return String.format(Locale.ROOT, "%.1f M", value / 1e6);
        }
        return value >= 1e4 ? String.format(Locale.ROOT, "%.0f k", value / 1e3) : whole(Math.round(value));
    }

    /** {@code 0.913}, or a dash when there is none. */
    public static String share(@Nullable Double value) {
        return value == null || !Double.isFinite(value) ? "–" : String.format(Locale.ROOT, "%.3f", value);
    }

    /**
     * {@code 0.913 ± 0.004}: a mean with half its interval, where there is one; a dash when there is no mean.
     *
     * @param low end of the interval, {@code null} or NaN where there is none
     */
    public static String interval(@Nullable Double mean, @Nullable Double low, int decimals) {
        if (mean == null || !Double.isFinite(mean)) {
            return "–";
        }
        String number = "%." + decimals + "f";
        double half = low == null ? 0 : mean - low;
        // A figure that did not vary has an interval of rounding errors.
        return half > 1e-9 * Math.abs(mean)
                ? String.format(Locale.ROOT, number + " ± " + number, mean, half)
                : String.format(Locale.ROOT, number, mean);
    }

    /** {@code 98.2%}. */
    public static String percent(double share) {
        return String.format(Locale.ROOT, "%.1f%%", 100 * share);
    }

    /** A number at a place of a JSON tree, {@code null} when there is none. */
    static @Nullable Double number(JsonNode node, String pointer) {
        JsonNode found = node.at(pointer);
        return found.isNumber() ? found.asDouble() : null;
    }
}
