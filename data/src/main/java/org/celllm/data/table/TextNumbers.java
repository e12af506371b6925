package org.celllm.data.table;

import java.nio.charset.StandardCharsets;

/** Reads numbers from bytes of text. */
public final class TextNumbers {
    private static final double[] TENS = new double[23];

    static {
        double power = 1;
        for (int i = 0; i < TENS.length; i++) {
            TENS[i] = power;
            power *= 10;
        }
    }

    /** Largest mantissa that a double holds exactly, with room for one more digit. */
    private static final long EXACT = (1L << 53) / 10 - 1;

    private TextNumbers() {}

    /** What {@link #parse} gives for text that is no number. */
    public static final double NO_NUMBER = Double.NEGATIVE_INFINITY;

    /**
     * The number that the bytes spell.
     *
     * @return the number; NaN for an empty field or {@code NA}; {@link #NO_NUMBER} when it is none, or is infinite
     */
    public static double parse(byte[] bytes, int from, int to) {
        while (from < to && bytes[from] == ' ') {
            from++;
        }
        while (to > from && bytes[to - 1] == ' ') {
            to--;
        }
        int at = from;
        boolean negative = at < to && bytes[at] == '-';
        if (negative) {
            at++;
        }
        long mantissa = 0;
        int digits = 0;
        int decimals = 0;
        boolean point = false;
        for (; at < to; at++) {
            byte b = bytes[at];
            if (b >= '0' && b <= '9' && mantissa <= EXACT) {
                mantissa = mantissa * 10 + (b - '0');
                digits++;
                decimals += point ? 1 : 0;
            } else if (b == '.' && !point) {
                point = true;
            } else {
                return slow(bytes, from, to);
            }
        }
        if (digits == 0 || decimals >= TENS.length) {
            return slow(bytes, from, to);
        }
        double value = decimals == 0 ? mantissa : mantissa / TENS[decimals];
        return negative ? -value : value;
    }

    private static double slow(byte[] bytes, int from, int to) {
        if (from == to) {
            return Double.NaN;
        }
        if (to - from > 64) {
            return NO_NUMBER;
        }
        String text = new String(bytes, from, to - from, StandardCharsets.ISO_8859_1);
        switch (text) {
            case "NA", "NaN", "nan", "N/A", "null", "NULL" -> {
                return Double.NaN;
            }
            default -> {
                char last = text.charAt(text.length() - 1);
                if (last != '.' && (last < '0' || last > '9')) {
                    return NO_NUMBER;
                }
            }
        }
        try {
            double value = Double.parseDouble(text);
            return Double.isInfinite(value) ? NO_NUMBER : value;
        } catch (NumberFormatException none) {
            return NO_NUMBER;
        }
    }
}
