package org.celllm.app.console;

import java.io.PrintStream;
import java.time.Duration;
import java.util.Locale;
import java.util.function.LongSupplier;
import org.celllm.data.progress.Progress;

/** Progress as lines, at most one every few seconds, for logs and pipes. */
final class ProgressLines implements Progress {
    private static final long INTERVAL_NANOS = Duration.ofSeconds(5).toNanos();

    private final PrintStream err;
    private final LongSupplier clock;

    ProgressLines(PrintStream err) {
        this(err, System::nanoTime);
    }

    /**
     * @param clock nanoseconds that only grow
     */
    ProgressLines(PrintStream err, LongSupplier clock) {
        this.err = err;
        this.clock = clock;
    }

    @Override
    public Task start(String name, String unit, long total) {
        return start(name, unit, total, 0);
    }

    @Override
    public Task start(String name, String unit, long total, long done) {
        return new Lines(name, unit, total, done);
    }

    private final class Lines implements Task {
        private final String name;
        private final String unit;
        private final long total;
        private final long started = clock.getAsLong();
        private long printed = started;
        private final long before;
        private long done;
        private String note = "";
        private boolean closed;

        Lines(String name, String unit, long total, long before) {
            this.name = name;
            this.unit = unit;
            this.total = total;
            this.before = before;
            this.done = before;
        }

        @Override
        public synchronized void advance(long amount) {
            done += amount;
            long now = clock.getAsLong();
            if (now - printed >= INTERVAL_NANOS) {
                printed = now;
                err.println(text(now));
            }
        }

        @Override
        public synchronized void note(String text) {
            note = text;
        }

        @Override
        public synchronized void close() {
            if (!closed) {
                closed = true;
                long took = clock.getAsLong() - started;
                err.println(name + ": " + count() + " in " + Spans.of(Duration.ofNanos(took)) + noted());
            }
        }

        private String text(long now) {
            double seconds = (now - started) * 1e-9;
            StringBuilder line = new StringBuilder(name).append(": ").append(count());
            long since = done - before;
            if (seconds > 0 && since > 0) {
                line.append(String.format(Locale.ROOT, ", %,.3g/s", since / seconds));
                if (total > done) {
                    long left = (long) (seconds / since * (total - done) * 1e9);
                    line.append(", about ")
                            .append(Spans.of(Duration.ofNanos(left)))
                            .append(" left");
                }
            }
            return line.append(noted()).toString();
        }

        private String count() {
            return total > 0
                    ? String.format(
                            Locale.ROOT,
                            "%,d of %,d %s (%.0f%%)",
                            done,
                            total,
                            unit,
                            Math.min(100.0, 100.0 * done / total))
                    : String.format(Locale.ROOT, "%,d %s", done, unit);
        }

        private String noted() {
            return note.isEmpty() ? "" : " · " + note;
        }
    }
}
