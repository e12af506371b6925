package org.celllm.tasks.evaluate;

import java.util.Locale;
import org.celllm.data.progress.Progress;

/**
 * Progress inside one fit of many, as a note beside the count of fits.
 *
 * @param outer counts the fits
 * @param method that is fitted
 */
record WithinFit(Progress.Task outer, String method) implements Progress {
    @Override
    public Task start(String name, String unit, long total) {
        long started = System.nanoTime();
        return new Task() {
            private long done;
            private String words = "";

            @Override
            public synchronized void advance(long amount) {
                done += amount;
                double seconds = (System.nanoTime() - started) * 1e-9;
                StringBuilder text = new StringBuilder(method).append(", ").append(name.toLowerCase(Locale.ROOT));
                if (done > 0 && total > 0) {
                    double left = seconds / done * (total - done);
                    text.append(String.format(
                            Locale.ROOT,
                            " %.0f%%, at most %s left",
                            100.0 * done / total,
                            left < 90 ? Math.round(left) + " s" : Math.round(left / 60) + " min"));
                }
                outer.note(text + (words.isEmpty() ? "" : ", " + words));
                outer.advance(0);
            }

            @Override
            public synchronized void note(String text) {
                words = text;
            }

            @Override
            public void close() {
                outer.note(method);
            }
        };
    }
}
