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

class GeneVocabularyFilesTest {
    @TempDir
    Path folder;

    private GeneVocabulary read(String text) throws IOException {
        return GeneVocabularyFiles.read(Files.writeString(folder.resolve("genes.txt"), text));
    }

    @Test
    void readsOneNameALineAndTablesWithAHeader() throws IOException {
        assertThat(read("CD3E\nMS4A1\n").names()).containsExactly("CD3E", "MS4A1");
        assertThat(read("gene\r\nCD3E\r\n\r\nMS4A1").names()).containsExactly("CD3E", "MS4A1");
        assertThat(read("gene_name\tindex\nCD3E\t0\nMS4A1\t1\n").names()).containsExactly("CD3E", "MS4A1");
        assertThat(read("index,gene\n0,\"CD3E\"\n1,MS4A1\n").names()).containsExactly("CD3E", "MS4A1");
    }

    @Test
    void writesWhatItReads() throws IOException {
        GeneVocabulary vocabulary = new GeneVocabulary(List.of("B", "A", "HLA-A"));
        Path path = folder.resolve("genes.tsv");
        GeneVocabularyFiles.write(path, vocabulary);
        assertThat(Files.readString(path)).isEqualTo("gene\nB\nA\nHLA-A\n");
        assertThat(GeneVocabularyFiles.read(path)).isEqualTo(vocabulary);
    }

    @Test
    void namesTheLineThatIsWrong() {
        assertThatThrownBy(() -> read("A\nB\nA\n"))
                .isInstanceOf(InputException.class)
                .hasMessageContaining("line 3")
                .hasMessageContaining("names A a second time");
        assertThatThrownBy(() -> read("gene\n")).hasMessageContaining("holds no gene names");
        assertThatThrownBy(() -> read("")).hasMessageContaining("holds no gene names");
        assertThatThrownBy(() -> GeneVocabularyFiles.read(folder.resolve("none")))
                .isInstanceOf(InputException.class)
                .hasMessageContaining("there is no such file");
    }
}
