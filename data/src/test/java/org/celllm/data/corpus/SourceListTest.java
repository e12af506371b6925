package org.celllm.data.corpus;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.celllm.data.InputException;
import org.celllm.data.cells.Disease;
import org.celllm.data.tokens.ValuesOption;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class SourceListTest {
    @TempDir
    Path folder;

    @Test
    void givesEachSourceWhatTheListSays() throws IOException {
        Path list = folder.resolve("sources.yaml");
        Files.writeString(list, """
                sources:
                  - path: a/blood.h5ad
                    disease: normal
                    tissue: blood
                  - path: /elsewhere/tumour.h5ad
                    name: glioma
                    disease_column: malignancy
                    tissue_column: organ
                    label_column: cell_type
                    values: log2p1
                  - b.csv
                """);

        List<CorpusSource> sources = SourceList.read(list);

        assertThat(sources).hasSize(3);
        assertThat(sources.get(0).path()).isEqualTo(folder.resolve("a/blood.h5ad"));
        assertThat(sources.get(0).disease()).isEqualTo(Disease.NORMAL);
        assertThat(sources.get(0).tissue()).isEqualTo("blood");
        assertThat(sources.get(1).path()).isEqualTo(Path.of("/elsewhere/tumour.h5ad"));
        assertThat(sources.get(1).name()).isEqualTo("glioma");
        assertThat(sources.get(1).diseaseColumn()).isEqualTo("malignancy");
        assertThat(sources.get(1).labelColumn()).isEqualTo("cell_type");
        assertThat(sources.get(1).values()).isEqualTo(ValuesOption.LOG2P1);
        assertThat(sources.get(2).labelColumn()).isNull();
        assertThat(sources.get(2).path()).isEqualTo(folder.resolve("b.csv"));
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "is not YAML | sources: [",
                "no list 'sources' | files: [a]",
                "no list 'sources' | ''",
                "has no path | sources: [{disease: normal}]",
                "a key 'diseases' | sources: [{path: a, diseases: normal}]",
                "the disease 'ill' | sources: [{path: a, disease: ill}]",
                "none of the states | sources: [{path: a, values: raw}]",
            })
    void refusesAListItDoesNotUnderstand(String complaint, String text) throws IOException {
        Path list = folder.resolve("sources.yml");
        Files.writeString(list, text);

        assertThatThrownBy(() -> SourceList.read(list))
                .isInstanceOf(InputException.class)
                .hasMessageContaining(complaint);
    }
}
