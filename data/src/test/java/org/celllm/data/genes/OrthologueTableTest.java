package org.celllm.data.genes;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.celllm.data.InputException;
import org.celllm.data.matrix.AnnotationTable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class OrthologueTableTest {
    private static final String HGNC = """
            symbol\talias_symbol\tprev_symbol\tensembl_gene_id
            TP53\t\t\tENSG00000141510
            CD3E\t\t\tENSG00000198851
            TENT5C\t\tFAM46C\tENSG00000183508
            C3\t\t\tENSG00000125730
            """;

    private static final String BIOMART = """
            Gene stable ID,Gene stable ID version,Gene name,Mouse gene stable ID,Mouse gene name,Mouse homology type
            ENSG00000141510,ENSG00000141510.18,TP53,ENSMUSG00000059552,Trp53,ortholog_one2one
            ENSG00000141510,ENSG00000141510.18,TP53,ENSMUSG00000059552,Trp53,ortholog_one2one
            ENSG00000198851,ENSG00000198851.10,CD3E,ENSMUSG00000032093,Cd3e,ortholog_one2one
            ENSG00000183508,ENSG00000183508.5,FAM46C,ENSMUSG00000044468,Tent5c,ortholog_one2one
            ENSG00000111111,ENSG00000111111.1,MANY1,ENSMUSG00000111111,Many,ortholog_one2many
            ENSG00000111112,ENSG00000111112.1,MANY2,ENSMUSG00000111111,Many,ortholog_one2many
            ENSG00000111113,ENSG00000111113.1,SHARED,ENSMUSG00000111113,Sha,ortholog_one2many
            ENSG00000111113,ENSG00000111113.1,SHARED,ENSMUSG00000111114,Shb,ortholog_one2many
            ENSG00000111115,ENSG00000111115.1,CUT,ENSMUSG00000111115,Cut,ortholog_one2many
            ENSG00000111116,ENSG00000111116.1,LONELY,,,
            """;

    private static final String MGI = """
            DB Class Key\tCommon Organism Name\tNCBI Taxon ID\tSymbol\tEntrezGene ID
            1\tmouse, laboratory\t10090\tTrp53\t22059
            1\thuman\t9606\tTP53\t7157
            2\tmouse, laboratory\t10090\tMany\t1
            2\thuman\t9606\tMANY1\t2
            2\thuman\t9606\tMANY2\t3
            3\tmouse, laboratory\t10090\tSha\t4
            3\tmouse, laboratory\t10090\tShb\t5
            3\thuman\t9606\tSHARED\t6
            4\tmouse, laboratory\t10090\tGm999\t7
            5\trat\t10116\tTp53\t8
            """;

    @TempDir
    Path folder;

    private OrthologueTable table(String text) throws IOException {
        return OrthologueTable.read(Files.writeString(folder.resolve("orthologues"), text));
    }

    private GeneIdentity identity(String text) throws IOException {
        HgncTable hgnc = HgncTable.read(Files.writeString(folder.resolve("hgnc"), HGNC));
        return GeneIdentity.of(hgnc, null, table(text));
    }

    private static GeneNames column(GeneIdentity identity, String... names) {
        return identity.canonical(new AnnotationTable(List.of(names), Map.of()));
    }

    @Test
    void takesMouseGenesForTheirOneHumanOrthologue() throws IOException {
        GeneNames symbols = column(identity(BIOMART), "Trp53", "Cd3e", "Tent5c", "Xkr4");
        assertThat(symbols.species()).isEqualTo(GeneSpecies.MOUSE);
        assertThat(symbols.canonical()).containsExactly("TP53", "CD3E", "TENT5C", "Xkr4");
        assertThat(symbols.resolutions().get(2).rule()).isEqualTo(ResolutionRule.ORTHOLOGUE);
        assertThat(symbols.resolutions().get(2).approved()).isTrue();
        assertThat(symbols.resolutions().get(3).rule()).isEqualTo(ResolutionRule.UNKNOWN);
        GeneNames ids = column(identity(BIOMART), "ENSMUSG00000059552.14", "ENSMUSG00000032093", "mm10_Tent5c");
        assertThat(ids.canonical()).containsExactly("TP53", "CD3E", "TENT5C");
        assertThat(GeneIdentity.of(null, null, table(BIOMART)).canonical("Tent5c"))
                .as("without HGNC by the table's own name")
                .isEqualTo("FAM46C");
    }

    @Test
    void listsGenesThatAreNotOneToOne() throws IOException {
        for (String text : List.of(BIOMART, MGI)) {
            GeneNames names = column(identity(text), "Trp53", "Many", "Sha", "Shb");
            assertThat(names.canonical()).containsExactly("TP53", "Many", "Sha", "Shb");
            assertThat(names.resolutions().get(1).rule()).isEqualTo(ResolutionRule.AMBIGUOUS);
            assertThat(names.resolutions().get(1).others()).containsExactly("MANY1", "MANY2");
            assertThat(names.resolutions().get(2).others()).containsExactly("SHARED");
            assertThat(names.resolutions().get(2).note()).contains("Sha, Shb");
        }
        assertThat(column(identity(BIOMART), "Cut").resolutions().get(0).rule())
                .as("one pair is there, but the table says that there are more")
                .isEqualTo(ResolutionRule.AMBIGUOUS);
    }

    @Test
    void knowsTheLayoutsOfUsualExports() throws IOException {
        for (String header : List.of(
                "mouse_symbol\thuman_symbol",
                "MGI.symbol\tHGNC.symbol",
                "mouse,human",
                "Mouse gene name;Human gene name",
                "\"mmusculus_homolog_associated_gene_name\",\"external_gene_name\"",
                "Gene name\tHuman gene name",
                "mouse_gene\thuman_gene")) {
            String separator = header.contains("\t") ? "\t" : header.contains(";") ? ";" : ",";
            OrthologueTable.Partners partners =
                    table(header + "\nTrp53" + separator + "TP53\n").of("Trp53", IdentifierKind.SYMBOL);
            assertThat(partners).as(header).isNotNull();
            assertThat(partners.humans()).as(header).containsExactly("TP53");
        }
        OrthologueTable hcop = table("""
                human_ensembl_gene\thuman_name\thuman_symbol\tmouse_ensembl_gene\tmouse_symbol
                ENSG00000141510\ttumor protein p53\tTP53\tENSMUSG00000059552\tTrp53
                -\tsomething\tELSE\t-\tElse
                """);
        assertThat(hcop.of("Else", IdentifierKind.SYMBOL).humans()).containsExactly("ELSE");
        assertThat(hcop.of("ENSMUSG00000059552", IdentifierKind.ENSEMBL).humans())
                .containsExactly("TP53");
    }

    @Test
    void keepsTheSpeciesOfAMixtureApart() throws IOException {
        GeneNames mostlyHuman =
                column(identity(BIOMART), "GRCh38_TP53", "GRCh38_CD3E", "GRCh38_C3", "mm10_Trp53", "mm10_Cd3e");
        assertThat(mostlyHuman.canonical()).containsExactly("TP53", "CD3E", "C3", "mm10_Trp53", "mm10_Cd3e");
        assertThat(GeneReport.of(mostlyHuman).count(ResolutionRule.UNKNOWN)).isEqualTo(2);
        GeneNames mostlyMouse =
                column(identity(BIOMART), "mm10_Trp53", "mm10_Cd3e", "mm10_Tent5c", "GRCh38_TP53", "GRCh38_CD3E");
        assertThat(mostlyMouse.canonical()).containsExactly("TP53", "CD3E", "TENT5C", "GRCh38_TP53", "GRCh38_CD3E");
    }

    @Test
    void takesNoMouseNameForAHumanOneWithoutATable() throws IOException {
        String aliases = "symbol\talias_symbol\tprev_symbol\tensembl_gene_id\nLEP\tOb|OBS\t\tENSG00000174697\n";
        GeneIdentity identity =
                GeneIdentity.with(HgncTable.read(Files.writeString(folder.resolve("aliases"), aliases)));
        assertThat(column(identity, "Ob", "Trp53", "Cd3e").resolutions())
                .allMatch(gene ->
                        gene.rule() == ResolutionRule.UNKNOWN && gene.note().equals("a mouse gene"));
        assertThat(column(identity, "OBS", "Trp53", "Cd3e").resolutions().get(0).resolved())
                .as("an alias in capitals, among mouse genes")
                .isFalse();
        assertThat(column(identity, "LEP", "Trp53", "Cd3e").resolutions().get(0).approved())
                .isTrue();
        assertThat(column(identity, "Gene1", "Gene2", "Gene3").species()).isEqualTo(GeneSpecies.HUMAN);
        assertThat(column(identity, "Ob", "TP53", "CD3E").resolutions().get(0).canonical())
                .isEqualTo("LEP");
    }

    @Test
    void namesTheRemedyForMouseGenes() throws IOException {
        GeneVocabulary vocabulary = new GeneVocabulary(List.of("TP53", "CD3E", "TENT5C"));
        AnnotationTable mouse = new AnnotationTable(List.of("Trp53", "Cd3e", "Tent5c", "Xkr4"), Map.of());
        GeneMapping none = GeneIdentity.plain().map(mouse, vocabulary);
        assertThatThrownBy(() -> GeneIdentity.requireOverlap(none, vocabulary, "mouse.h5ad"))
                .isInstanceOf(InputException.class)
                .hasMessageContaining("mouse: give a table of mouse and human orthologues with --orthologues");
        assertThat(identity(BIOMART).map(mouse, vocabulary).target()).containsExactly(0, 1, 2, -1);
    }

    @Test
    void refusesIdsOfTheWrongSpecies() {
        assertThatThrownBy(() -> table("mouse_ensembl\thuman_ensembl\nENSG00000141510\tENSMUSG00000059552\n"))
                .isInstanceOf(InputException.class)
                .hasMessageContaining("line 2")
                .hasMessageContaining("begin with ENSMUSG");
    }
}
