package org.celllm.app.command;

import java.util.Locale;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.TypeConversionException;

/** Sizes of memory as people write them: {@code 4g}, {@code 512m}, {@code 1.5GiB}, or bytes. Units are of 1,024. */
public final class MemorySize implements ITypeConverter<Long> {
    private static final Pattern SIZE = Pattern.compile("(\\d+(?:\\.\\d+)?)(?:([kmgt])i?b?|b)?");

    /** Below this no verb that has the option can do anything: a missing unit, most likely. */
    private static final long LEAST = 128L << 20;

    @Override
    public Long convert(String text) {
        long bytes = bytes(text);
        if (bytes < LEAST) {
            throw new TypeConversionException("'" + text + "' is less than the program itself takes; give "
                    + text(LEAST) + " at least, written like 4g or 512m");
        }
        return bytes;
    }

    /**
     * A size.
     *
     * @throws TypeConversionException when it is none
     */
    static long bytes(String text) {
        Matcher parts = SIZE.matcher(text.trim().toLowerCase(Locale.ROOT));
        if (!parts.matches()) {
            throw new TypeConversionException("'" + text + "' is no size of memory; write it like 4g or 512m");
        }
        double scale = parts.group(2) == null ? 1 : Math.pow(1024, "kmgt".indexOf(parts.group(2)) + 1);
        double bytes = Double.parseDouble(parts.group(1)) * scale;
        if (!(bytes >= 1 && bytes < 1L << 62)) {
            throw new TypeConversionException("'" + text + "' is no size of memory that a machine can have");
        }
        return (long) bytes;
    }

    /** Bytes for people: {@code 3.5 GiB}. */
    public static String text(double bytes) {
        if (bytes >= 1L << 30) {
            return String.format(Locale.ROOT, "%.1f GiB", bytes / (1L << 30));
        }
        return String.format(Locale.ROOT, "%.0f MiB", bytes / (1L << 20));
    }
}
