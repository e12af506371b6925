package org.celllm.data.genes;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.celllm.data.InputException;
import org.celllm.data.matrix.AnnotationTable;
import org.celllm.data.matrix.Column;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class GeneIdentityTest {
    private static final String TABLE = """
            hgnc_id\tsymbol\tstatus\talias_symbol\tprev_symbol\tentrez_id\tensembl_gene_id
            1\tCD3E\tApproved\t\t\t916\tENSG00000198851
            2\tTENT5C\tApproved\t\tFAM46C\t54855\tENSG00000183508
            3\tAARS1\tApproved\t"CMT2N"\t"AARS|AARSL"\t16\tENSG00000090861
            4\tSEPTIN9\tApproved\t"MSF|SHARED"\tSEPT9\t10801\tENSG00000184640
            5\tPRDX1\tApproved\tSHARED\t\t5052\tENSG00000117450
            6\tC1orf112\tApproved\t\t\t55732\tENSG00000000460
            7\tGONE\tEntry Withdrawn\t\tCD3E\t99\t
            8\tHLA-A\tApproved\tABC1\t\t3105\tENSG00000206503
            """;

    @TempDir
    Path folder;

    private HgncTable table;
    private GeneIdentity identity;

    @BeforeEach
    void readTable() throws IOException {
        table = HgncTable.read(Files.writeString(folder.resolve("hgnc.txt"), TABLE));
        identity = GeneIdentity.with(table);
    }

    private static AnnotationTable genes(String... names) {
        return new AnnotationTable(List.of(names), Map.of());
    }

    private static AnnotationTable genes(List<String> index, Map<String, List<String>> columns) {
        Map<String, Column> made = new LinkedHashMap<>();
        columns.forEach((name, values) -> made.put(name, new Column.Text(values.toArray(new String[0]))));
        return new AnnotationTable(index, made);
    }

    @Test
    void findsTheApprovedSymbol() {
        assertThat(table.size()).isEqualTo(7);
        assertThat(identity.canonical("FAM46C")).isEqualTo("TENT5C");
        assertThat(identity.canonical("AARS")).isEqualTo("AARS1");
        assertThat(identity.canonical("CMT2N")).isEqualTo("AARS1");
        assertThat(identity.canonical("C1ORF112")).isEqualTo("C1orf112");
        assertThat(identity.canonical("GRCh38_CD3E")).isEqualTo("CD3E");
        assertThat(identity.canonical("ENSG00000198851.9")).isEqualTo("CD3E");
        assertThat(identity.canonical("unheard-of")).isEqualTo("unheard-of");
        assertThat(GeneIdentity.plain().canonical("ENSG00000198851.9")).isEqualTo("ENSG00000198851");
    }

    @Test
    void takesANameThatTwoGenesShareForNeither() {
        assertThat(identity.canonical("SHARED")).isEqualTo("SHARED");
    }

    @Test
    void findsTheColumnThatNamesTheGenes() {
        GeneNames symbols = identity.canonical(genes("CD3E", "AARS", "HLA-A"));
        assertThat(symbols.column()).isEqualTo("index");
        assertThat(symbols.kind()).isEqualTo(IdentifierKind.SYMBOL);
        assertThat(symbols.canonical()).containsExactly("CD3E", "AARS1", "HLA-A");
        assertThat(symbols.renamed()).isEqualTo(1);

        GeneNames beside = GeneIdentity.plain()
                .canonical(genes(
                        List.of("ENSG00000198851", "ENSG00000090861"),
                        Map.of("feature_name", List.of("CD3E", "AARS1"))));
        assertThat(beside.column()).isEqualTo("feature_name");

        GeneNames numbered = GeneIdentity.plain()
                .canonical(genes(List.of("0", "1", "2"), Map.of("Gene Symbol", List.of("CD3E", "HLA-A", "AARS1"))));
        assertThat(numbered.column()).isEqualTo("Gene Symbol");
    }

    @Test
    void takesRowNumbersForNoNamesAtAll() {
        GeneNames names = identity.canonical(genes("0", "1", "2", "3"));
        assertThat(names.kind()).isEqualTo(IdentifierKind.NUMBER);
        assertThat(identity.canonical(genes("916", "16", "3105")).canonical())
                .containsExactly("CD3E", "AARS1", "HLA-A");
        GeneVocabulary vocabulary = new GeneVocabulary(List.of("AARS1", "CD3E"));
        String[] numbers = new String[20];
        Arrays.setAll(numbers, Integer::toString);
        GeneMapping mapping = identity.map(genes(numbers), vocabulary);
        assertThat(mapping.mapped()).isZero();
        assertThatThrownBy(() -> GeneIdentity.requireOverlap(mapping, vocabulary, "cells.h5ad"))
                .isInstanceOf(InputException.class)
                .hasMessageContaining("row numbers");
    }

    @Test
    void mapsAndReports() {
        GeneVocabulary vocabulary = new GeneVocabulary(List.of("CD3E", "TENT5C", "AARS1", "HLA-A", "PRDX1", "TBCE"));
        GeneMapping mapping = identity.map(
                genes("HLA.A", "TBCE", "FAM46C", "CD3E", "AARS", "AARSL", "TBCE-1", "LINC1", "X.1"), vocabulary);
        assertThat(mapping.target()).containsExactly(3, 5, 1, 0, 2, 2, 5, -1, -1);
        assertThat(mapping.mapped()).isEqualTo(7);
        assertThat(mapping.renamed()).isEqualTo(5);
        assertThat(mapping.duplicated()).isEqualTo(2);
        assertThat(mapping.unknown()).isEqualTo(2);
        assertThat(mapping.covered()).isEqualTo(5);
        assertThat(mapping.mappedFraction()).isEqualTo(7.0 / 9);
        assertThat(mapping.coveredFraction()).isEqualTo(5.0 / 6);
        assertThat(mapping.renamedExamples()).contains("FAM46C → TENT5C");
        assertThat(mapping.unknownExamples()).containsExactly("LINC1", "X.1");
        assertThat(mapping.summary()).contains("7 of 9 genes mapped").contains("2 duplicated and summed");
    }

    @Test
    void takesAnAliasOfAGeneThatIsThereForAnother() {
        GeneVocabulary vocabulary = new GeneVocabulary(List.of("HLA-A", "CD3E"));
        assertThat(identity.map(genes("ABC1", "CD3E"), vocabulary).target()).containsExactly(0, 1);
        assertThat(identity.map(genes("ABC1", "HLA-A"), vocabulary).target()).containsExactly(-1, 0);
    }

    @Test
    void mapsByTheColumnThatFitsTheVocabulary() {
        AnnotationTable both = genes(
                List.of("CD3E", "HLA-A", "AARS1"),
                Map.of("gene_ids", List.of("ENSG00000198851.1", "ENSG00000206503.2", "ENSG00000090861.3")));
        GeneVocabulary ensembl = new GeneVocabulary(List.of("ENSG00000090861", "ENSG00000198851"));
        GeneMapping plain = GeneIdentity.plain().map(both, ensembl);
        assertThat(plain.names().column()).isEqualTo("gene_ids");
        assertThat(plain.target()).containsExactly(1, -1, 0);
        assertThat(identity.map(genes("CD3E", "HLA-A", "AARS"), ensembl).target())
                .containsExactly(1, -1, 0);
    }

    @Test
    void showsBothSidesWhenTheyDoNotBelongTogether() {
        GeneVocabulary vocabulary = new GeneVocabulary(List.of("CD3E", "HLA-A", "TENT5C"));
        AnnotationTable mouse = genes("Cd3e", "Tent5c", "Xkr4", "Sox17");
        GeneMapping none = identity.map(mouse, vocabulary);
        assertThatThrownBy(() -> GeneIdentity.requireOverlap(none, vocabulary, "mouse.h5ad"))
                .isInstanceOf(InputException.class)
                .hasMessageContaining("Cd3e, Tent5c")
                .hasMessageContaining("CD3E, HLA-A")
                .hasMessageContaining("another species");
        GeneMapping ids = GeneIdentity.plain().map(genes("ENSG00000198851", "ENSG00000206503"), vocabulary);
        assertThatThrownBy(() -> GeneIdentity.requireOverlap(ids, vocabulary, "ids.h5ad"))
                .hasMessageContaining("HGNC table");
        GeneIdentity.requireOverlap(identity.map(genes("CD3E", "LINC1"), vocabulary), vocabulary, "some.h5ad");
    }

    @Test
    void refusesATableThatIsNotHgnc() throws IOException {
        Path other = Files.writeString(folder.resolve("other.txt"), "gene\tname\nCD3E\tx\n");
        assertThatThrownBy(() -> HgncTable.read(other))
                .isInstanceOf(InputException.class)
                .hasMessageContaining("is not the header of an HGNC table");
    }
}
