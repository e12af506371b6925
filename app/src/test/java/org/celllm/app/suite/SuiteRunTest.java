package org.celllm.app.suite;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.celllm.app.Outcome;
import org.celllm.data.progress.Progress;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class SuiteRunTest {
    @TempDir
    Path folder;

    @Test
    void theLeaderboardShowsWhatIsKnownWhileTheRestIsRun() throws IOException {
        Path list = Files.writeString(
                folder.resolve("suite.yaml"),
                "evaluations:\n  - {name: first, kind: response, options: x}\n  - {name: second, kind: response, options: y}\n");
        Path out = folder.resolve("suite");
        List<String> pages = new ArrayList<>();
        Evaluator evaluator = new Evaluator() {
            @Override
            public Checked check(SuiteEntry entry, Path target) {
                return new Checked(null, List.of());
            }

            @Override
            public Outcome run(SuiteEntry entry, Path target) {
                try {
                    pages.add(Files.readString(out.resolve(SuiteRun.PAGE)));
                } catch (IOException e) {
                    throw new UncheckedIOException(e);
                }
                return new Outcome(2, "a mistake in " + entry.name());
            }
        };
        SuiteRun.Watch silent = new SuiteRun.Watch() {
            @Override
            public void kept(SuiteEntry entry) {}

            @Override
            public void begins(SuiteEntry entry) {}
        };

        new SuiteRun(EvaluationSuite.read(list, List.of("response"), Map.of()), out, evaluator)
                .run(false, silent, Progress.SILENT);

        assertThat(pages).hasSize(2);
        assertThat(pages.get(0)).contains("\"waiting\"").doesNotContain("a mistake in");
        assertThat(pages.get(1))
                .contains("a mistake in first", "\"failed\"", "\"waiting\"")
                .doesNotContain("a mistake in second");
        assertThat(Files.readString(out.resolve(SuiteRun.PAGE)))
                .contains("a mistake in first", "a mistake in second")
                .doesNotContain("\"waiting\"");
    }
}
