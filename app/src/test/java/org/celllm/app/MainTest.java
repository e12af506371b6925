package org.celllm.app;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import org.celllm.app.console.Console;
import org.junit.jupiter.api.Test;

class MainTest {
    private final ByteArrayOutputStream out = new ByteArrayOutputStream();
    private final ByteArrayOutputStream err = new ByteArrayOutputStream();

    @Test
    void aloneItShowsItsVerbs() {
        assertThat(run()).isZero();
        assertThat(out.toString(StandardCharsets.UTF_8))
                .contains("Usage: celllm")
                .contains("celllm demo");
    }

    @Test
    void saysItsVersion() {
        assertThat(run("--version")).isZero();
        assertThat(out.toString(StandardCharsets.UTF_8)).matches("celllm \\d.*\\R");
    }

    @Test
    void aMistypedOptionIsOneLineAndExitCode2() {
        assertThat(run("--nope")).isEqualTo(2);
        assertThat(err.toString(StandardCharsets.UTF_8).lines())
                .singleElement()
                .asString()
                .startsWith("celllm: error: Unknown option: '--nope'")
                .contains("--help");
    }

    @Test
    void whatIsNoNumberIsSaidInWordsThatPeopleUse() {
        assertThat(run("pretrain", "corpus", "--out", "model", "--steps", "many"))
                .isEqualTo(2);
        assertThat(run("pretrain", "corpus", "--out", "model", "--hide", "half"))
                .isEqualTo(2);
        assertThat(err.toString(StandardCharsets.UTF_8))
                .contains("'many' is not a whole number", "'half' is not a number")
                .doesNotContain("an int", "a double");
    }

    @Test
    void whatIsInterruptedSaysWhetherItCanGoOn() {
        assertThat(Interruption.sentence("pretrain", "corpus", "--out", "model"))
                .contains("interrupted", "--resume");
        assertThat(Interruption.sentence("corpus", "build", "--out", "corpus")).contains("--resume");
        assertThat(Interruption.sentence("corpus", "show", "corpus")).isEqualTo("celllm: interrupted");
        assertThat(Interruption.sentence("--help")).isEqualTo("celllm: interrupted");
        assertThat(Interruption.sentence()).isEqualTo("celllm: interrupted");
    }

    private int run(String... arguments) {
        return Main.run(
                new Console(
                        new PrintStream(out, true, StandardCharsets.UTF_8),
                        new PrintStream(err, true, StandardCharsets.UTF_8),
                        false),
                arguments);
    }
}
