package org.celllm.training.memory;

import java.util.Locale;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.celllm.data.InputException;

/** Sizes of memory as people write them: {@code 4g}, {@code 512m}. */
public final class Bytes {
    private static final Pattern SIZE = Pattern.compile("(\\d+(?:\\.\\d+)?)\\s*([kmgt]?)(?:i?b)?");

    private Bytes() {}

    /** Bytes for people, in powers of 1,024: {@code 3.5 GiB}. */
    public static String of(long bytes) {
        if (bytes < 1L << 20) {
            return Math.max(1, Math.round(bytes / 1024.0)) + " KiB";
        }
        if (bytes < 1L << 30) {
            return Math.round(bytes / (double) (1L << 20)) + " MiB";
        }
        return String.format(Locale.ROOT, "%.1f GiB", bytes / (double) (1L << 30));
    }

    /**
     * The bytes of a size.
     *
     * @param option the option it was given to, for the error
     * @param text a number and k, m, g or t, in powers of 1,024; a bare number is bytes
     */
    public static long parse(String option, String text) {
        Matcher size = SIZE.matcher(text.trim().toLowerCase(Locale.ROOT));
        if (!size.matches()) {
            throw InputException.about(option)
                    .found("\"" + text + "\" is no size")
                    .expected("a number and a unit, such as 4g or 512m")
                    .build();
        }
        int power = switch (size.group(2)) {
            case "k" -> 10;
            case "m" -> 20;
            case "g" -> 30;
            case "t" -> 40;
            default -> 0;
        };
        double bytes = Double.parseDouble(size.group(1)) * Math.pow(2, power);
        if (!(bytes >= 1 && bytes < 0x1.0p62)) {
            throw InputException.about(option)
                    .found("\"" + text + "\" is out of range")
                    .build();
        }
        return (long) bytes;
    }
}
