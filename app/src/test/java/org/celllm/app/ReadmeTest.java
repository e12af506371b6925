package org.celllm.app;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;

class ReadmeTest {
    private static final Path ROOT = Path.of(System.getProperty("celllm.root"));
    private static final Path EXAMPLE =
            ROOT.resolve("tasks/src/test/java/org/celllm/tasks/embed/EmbedAMatrixExampleTest.java");

    @Test
    void itsTenLinesOfJavaAreThoseThatATestRuns() throws IOException {
        String tested = between(Files.readString(EXAMPLE), "// readme:begin", "// readme:end");
        String shown =
                between(Files.readString(ROOT.resolve("README.md")), "<!-- readme:begin -->", "<!-- readme:end -->");

        assertThat(shown.strip())
                .isEqualTo("```java\n" + tested.stripTrailing().stripIndent().strip() + "\n```");
    }

    @Test
    void itsLinksLeadSomewhere() throws IOException {
        Matcher links =
                Pattern.compile("]\\((?!https?:)([^)#]+)[^)]*\\)").matcher(Files.readString(ROOT.resolve("README.md")));
        assertThat(links.results().map(link -> link.group(1)).collect(Collectors.toSet()))
                .isNotEmpty()
                .allSatisfy(link -> assertThat(ROOT.resolve(link)).exists());
    }

    private static String between(String text, String begin, String end) {
        int from = text.indexOf(begin);
        int to = text.indexOf(end);
        assertThat(from).isNotNegative().isLessThan(to);
        return text.substring(text.indexOf('\n', from) + 1, text.lastIndexOf('\n', to) + 1);
    }
}
