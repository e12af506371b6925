package org.celllm.app.console;

import java.io.PrintStream;
import java.time.Duration;
import me.tongfei.progressbar.ConsoleProgressBarConsumer;
import me.tongfei.progressbar.ProgressBar;
import me.tongfei.progressbar.ProgressBarBuilder;
import me.tongfei.progressbar.ProgressBarStyle;
import org.celllm.data.progress.Progress;

/** Progress as a bar with an ETA, for a terminal. */
final class ProgressBars implements Progress {
    private static final int UPDATE_MILLIS = 200;

    private final PrintStream err;

    ProgressBars(PrintStream err) {
        this.err = err;
    }

    @Override
    public Task start(String name, String unit, long total) {
        return start(name, unit, total, 0);
    }

    @Override
    public Task start(String name, String unit, long total, long done) {
        ProgressBar bar = new ProgressBarBuilder()
                .setTaskName(name)
                .setUnit(" " + unit, 1)
                .setInitialMax(total)
                .setStyle(ProgressBarStyle.ASCII)
                .setUpdateIntervalMillis(UPDATE_MILLIS)
                .setConsumer(new ConsoleProgressBarConsumer(err))
                .startsFrom(done, Duration.ZERO)
                .showSpeed()
                .build();
        return new Task() {
            @Override
            public void advance(long amount) {
                bar.stepBy(amount);
            }

            @Override
            public void note(String text) {
                bar.setExtraMessage(" " + text);
            }

            @Override
            public void close() {
                bar.close();
            }
        };
    }
}
