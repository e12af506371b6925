package org.celllm.app.console;

import java.time.Duration;
import java.util.Locale;

/** Spans of time for people: {@code 0.4 s}, {@code 12 s}, {@code 3 min 5 s}, {@code 2 h 10 min}. */
public final class Spans {
    private Spans() {}

    /** A span in the two units that matter. */
    public static String of(Duration span) {
        long seconds = Math.round(span.toMillis() / 1000.0);
        if (span.toMillis() < 9_950) {
            return String.format(Locale.ROOT, "%.1f s", span.toMillis() / 1000.0);
        }
        if (seconds < 60) {
            return seconds + " s";
        }
        if (seconds < 3600) {
            return seconds / 60 + " min " + seconds % 60 + " s";
        }
        return seconds / 3600 + " h " + seconds % 3600 / 60 + " min";
    }
}
