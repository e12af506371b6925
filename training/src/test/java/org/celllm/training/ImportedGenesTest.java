package org.celllm.training;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import java.util.List;
import org.celllm.data.InputException;
import org.celllm.data.genes.GeneTable;
import org.celllm.data.genes.GeneVocabulary;
import org.celllm.network.CellLanguageModel;
import org.celllm.training.genes.ImportedGenes;
import org.junit.jupiter.api.Test;

class ImportedGenesTest {
    private static final GeneTable TABLE =
            new GeneTable(new GeneVocabulary(List.of("C", "A", "B")), 2, new float[] {30, 40, 10, -10, 5, 0});

    @Test
    void vectorsGoToTheirGenesAndTheOthersBeginRandom() {
        GeneVocabulary genes = new GeneVocabulary(List.of("A", "X", "C"));
        float[] rows = ImportedGenes.table(TABLE, genes, 1);
        double factor = CellLanguageModel.FIRST_SPREAD / Math.sqrt((900 + 1600 + 100 + 100 + 25) / 6.0);
        assertThat((double) rows[0]).isCloseTo(10 * factor, within(1e-6));
        assertThat((double) rows[1]).isCloseTo(-10 * factor, within(1e-6));
        assertThat((double) rows[4]).isCloseTo(30 * factor, within(1e-6));
        assertThat((double) rows[5]).isCloseTo(40 * factor, within(1e-6));
        assertThat(rows[2]).isNotZero().isBetween(-0.5f, 0.5f);
        assertThat(ImportedGenes.table(TABLE, genes, 1)).isEqualTo(rows);
        assertThat(ImportedGenes.table(TABLE, genes, 2)[2]).isNotEqualTo(rows[2]);
        assertThat(ImportedGenes.known(TABLE, genes)).isEqualTo(2);
    }

    @Test
    void aTableOfAnotherWidthOrOfOtherGenesIsRefused() {
        GeneVocabulary genes = new GeneVocabulary(List.of("A", "X", "C"));
        ImportedGenes.check(TABLE, genes, 2);
        assertThatThrownBy(() -> ImportedGenes.check(TABLE, genes, 64))
                .isInstanceOf(InputException.class)
                .hasMessageContaining("2 numbers a gene");
        assertThatThrownBy(() -> ImportedGenes.check(TABLE, new GeneVocabulary(List.of("ENSG1", "ENSG2")), 2))
                .isInstanceOf(InputException.class)
                .hasMessageContaining("ENSG1")
                .hasMessageContaining("[C, A, B]");
    }
}
