package org.celllm.app.console;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import org.celllm.data.progress.Progress;
import org.junit.jupiter.api.Test;

class ProgressLinesTest {
    private final ByteArrayOutputStream written = new ByteArrayOutputStream();
    private final AtomicLong clock = new AtomicLong();
    private final Progress progress =
            new ProgressLines(new PrintStream(written, true, StandardCharsets.UTF_8), clock::get);

    @Test
    void saysHowFarHowFastAndHowLong() {
        Progress.Task task = progress.start("Pre-training", "steps", 100);
        task.note("loss 3.1");
        clock.set(TimeUnit.SECONDS.toNanos(10));
        task.advance(20);

        assertThat(text()).isEqualTo("Pre-training: 20 of 100 steps (20%), 2.00/s, about 40 s left · loss 3.1\n");
    }

    @Test
    void keepsQuietBetweenLines() {
        Progress.Task task = progress.start("Reading", "cells", -1);
        for (int i = 0; i < 1000; i++) {
            clock.addAndGet(TimeUnit.MILLISECONDS.toNanos(10));
            task.advance(7);
        }
        task.close();
        task.close();

        assertThat(text().lines()).hasSize(3).last().asString().isEqualTo("Reading: 7,000 cells in 10 s");
    }

    @Test
    void whatAnEarlierRunHadDoneDoesNotCountTowardsTheSpeed() {
        Progress.Task task = progress.start("Embedding", "cells", 100, 50);
        clock.set(TimeUnit.SECONDS.toNanos(10));
        task.advance(10);

        assertThat(text()).isEqualTo("Embedding: 60 of 100 cells (60%), 1.00/s, about 40 s left\n");
    }

    private String text() {
        return written.toString(StandardCharsets.UTF_8);
    }
}
