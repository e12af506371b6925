package org.celllm.data.genes;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.celllm.data.InputException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class GeneTableFilesTest {
    @TempDir
    Path folder;

    @Test
    void aTableComesBackAsItWasWritten() throws IOException {
        GeneTable table = new GeneTable(new GeneVocabulary(List.of("B", "A", "C")), 2, new float[] {1, 2, 3, 4, 5, -6});
        GeneTableFiles.write(folder.resolve("genes"), table);
        GeneTable read = GeneTableFiles.read(folder.resolve("genes"));
        assertThat(read.genes()).isEqualTo(table.genes());
        assertThat(read.values()).containsExactly(table.values());
        assertThat(read.sha256()).isEqualTo(table.sha256());
        GeneTable other = new GeneTable(table.genes(), 2, new float[] {1, 2, 3, 4, 5, 6});
        assertThat(other.sha256()).isNotEqualTo(table.sha256());
    }

    @Test
    void textsAreReadWithAndWithoutTheLineOfCounts() throws IOException {
        for (String counts : new String[] {"", "2 3\n"}) {
            Path file = Files.writeString(folder.resolve("gene2vec.txt"), counts + "TP53\t1 2 3\nKRAS 4.5 -5e-1 6 \n");
            GeneTable table = GeneTableFiles.importText(file);
            assertThat(table.genes().names()).containsExactly("TP53", "KRAS");
            assertThat(table.values()).containsExactly(1, 2, 3, 4.5f, -0.5f, 6);
        }
    }

    @ParameterizedTest
    @CsvSource({
        "'A 1 2|B 1', line 2",
        "'A 1 2|A 1 3', line 2",
        "'A 1 x', line 1",
        "'A', line 1",
        "'A 1 NaN', NaN",
        "'', 0 genes"
    })
    void whatIsNoTableIsRefusedByItsLine(String text, String message) throws IOException {
        Path file = Files.writeString(folder.resolve("bad.txt"), text.replace('|', '\n'));
        assertThatThrownBy(() -> GeneTableFiles.importText(file))
                .isInstanceOf(InputException.class)
                .hasMessageContaining("bad.txt")
                .hasMessageContaining(message);
    }

    @Test
    void aFolderWhoseFilesDoNotFitIsRefused() throws IOException {
        Path target = folder.resolve("genes");
        GeneTableFiles.write(target, new GeneTable(new GeneVocabulary(List.of("A", "B")), 1, new float[] {1, 2}));
        Files.writeString(target.resolve("genes.tsv"), "gene\nA\n");
        assertThatThrownBy(() -> GeneTableFiles.read(target))
                .isInstanceOf(InputException.class)
                .hasMessageContaining("1 rows");
        assertThatThrownBy(() -> GeneTableFiles.read(folder.resolve("absent")))
                .isInstanceOf(InputException.class)
                .hasMessageContaining("genes import");
    }
}
