package org.celllm.app.console;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import org.celllm.data.progress.Progress;
import org.junit.jupiter.api.Test;

class ConsoleTest {
    private final ByteArrayOutputStream out = new ByteArrayOutputStream();
    private final ByteArrayOutputStream err = new ByteArrayOutputStream();

    @Test
    void numbersStandToTheRightAndWordsToTheLeft() {
        console(false).table(List.of("file", "cells"), List.of(List.of("a.h5ad", "12"), List.of("b", "1,234")));

        assertThat(out.toString(StandardCharsets.UTF_8)).isEqualTo("""
                        +--------+-------+
                        | file   | cells |
                        +--------+-------+
                        | a.h5ad |    12 |
                        | b      | 1,234 |
                        +--------+-------+
                        """);
    }

    @Test
    void progressIsABarOnATerminalOnly() {
        try (Progress.Task task = console(true).progress().start("Reading", "cells", 10)) {
            task.advance(10);
        }
        assertThat(err.toString(StandardCharsets.UTF_8)).contains("100%").contains("\r");
        err.reset();

        try (Progress.Task task = console(false).progress().start("Reading", "cells", 10)) {
            task.advance(10);
        }
        assertThat(err.toString(StandardCharsets.UTF_8)).doesNotContain("\r").startsWith("Reading: 10 of 10 cells");
    }

    @Test
    void spansAreSaidInTheUnitsThatMatter() {
        assertThat(Spans.of(Duration.ofMillis(420))).isEqualTo("0.4 s");
        assertThat(Spans.of(Duration.ofSeconds(12))).isEqualTo("12 s");
        assertThat(Spans.of(Duration.ofSeconds(185))).isEqualTo("3 min 5 s");
        assertThat(Spans.of(Duration.ofMinutes(130))).isEqualTo("2 h 10 min");
    }

    private Console console(boolean terminal) {
        return new Console(
                new PrintStream(out, true, StandardCharsets.UTF_8),
                new PrintStream(err, true, StandardCharsets.UTF_8),
                terminal);
    }
}
