package org.celllm.data.card;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ModelCardTest {
    @Test
    void sectionsPointsAndTablesAreMarkdown(@TempDir Path folder) throws Exception {
        new ModelCard("An annotator")
                .section("Data")
                .point("762 cells")
                .section("Scores")
                .table(List.of("method", "macro-F1"), List.of(List.of("model", ModelCard.figure(0.92049))))
                .write(folder);
        assertEquals("""
                # An annotator

                ## Data

                - 762 cells

                ## Scores

                | method | macro-F1 |
                |---|---|
                | model | 0.920 |
                """, Files.readString(folder.resolve(ModelCard.FILE)));
    }

    @Test
    void namesFromFilesCannotAddLinesOrColumns() {
        String text = new ModelCard("a")
                .table(List.of("label"), List.of(List.of("T cell\n# Not a heading | nor a column")))
                .text();
        assertFalse(text.contains("\n# Not"));
        assertEquals(1, text.lines().filter(line -> line.contains("\\|")).count());
    }

    @Test
    void countsHaveNoPoint() {
        assertEquals("1,462,344", ModelCard.whole(1462344));
        assertEquals("1.000", ModelCard.figure(1));
    }
}
