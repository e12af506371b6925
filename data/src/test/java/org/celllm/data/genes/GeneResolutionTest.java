package org.celllm.data.genes;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.TreeSet;
import org.celllm.data.matrix.AnnotationTable;
import org.celllm.data.matrix.Column;
import org.celllm.data.random.KeyedRandom;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class GeneResolutionTest {
    private static final String HGNC = """
            symbol\tstatus\talias_symbol\tprev_symbol\tentrez_id\tensembl_gene_id
            TP53\tApproved\tP53|LFS1\t\t7157\tENSG00000141510
            CD3E\tApproved\t\t\t916\tENSG00000198851
            TENT5C\tApproved\t\tFAM46C\t54855\tENSG00000183508
            ONE\tApproved\tSHARED|BOTH\t\t1001\tENSG00000000001
            TWO\tApproved\tSHARED\tOLDTWO\t1002\tENSG00000000002
            THREE\tApproved\tOLDTWO\tBOTH\t1003\tENSG00000000003
            FOUR\tApproved\tCD3E\t\t1004\tENSG00000000004
            TWIN1\tApproved\t\t\t1005\tENSG00000000005
            TWIN2\tApproved\t\t\t1005\tENSG00000000005
            HLA-A\tApproved\t\t\t3105\tENSG00000206503
            AKAP17A\tApproved\t\t\t8227\tENSG00000197976
            GONE\tEntry Withdrawn\tLFS1\tSHARED\t99\tENSG00000000009
            """;

    private static final String GENCODE = """
            ENSG00000141510.18,TP53
            ENSG00000000001,ONE
            ENSG00000000002,NEWTWO
            ENSG00000000003,FOUR
            ENSG00000000005,TWIN2
            ENSG00000000006,CD3E
            ENSG00000000007,NOVEL7
            ENSG00000000008,ENSG00000000008
            ENSG00000000010,Y_COPY
            ENSG00000000011,Y_COPY
            ENSG00000000002,NEWTWO
            ENSG00000198851,CD3E
            """;

    @TempDir
    Path folder;

    private HgncTable hgnc() throws IOException {
        return HgncTable.read(Files.writeString(folder.resolve("hgnc.txt"), HGNC));
    }

    private GeneIdentity alone() throws IOException {
        return GeneIdentity.with(hgnc());
    }

    private GeneIdentity both() throws IOException {
        GencodeTable gencode = GencodeTable.read(Files.writeString(folder.resolve("gencode.csv"), GENCODE));
        return GeneIdentity.of(hgnc(), gencode, null);
    }

    private static void assertGene(GeneIdentity identity, String name, String gene, ResolutionRule rule) {
        GeneResolution found = identity.resolve(name);
        assertThat(found.canonical()).as(name).isEqualTo(gene);
        assertThat(found.rule()).as(name).isEqualTo(rule);
        assertThat(found.name()).isEqualTo(name);
    }

    private static List<GeneResolution> column(GeneIdentity identity, String... names) {
        return identity.canonical(new AnnotationTable(List.of(names), Map.of())).resolutions();
    }

    @Test
    void saysByWhichRuleANameIsTaken() throws IOException {
        assertGene(alone(), "TP53", "TP53", ResolutionRule.APPROVED);
        assertGene(alone(), "FAM46C", "TENT5C", ResolutionRule.PREVIOUS);
        assertGene(alone(), "P53", "TP53", ResolutionRule.ALIAS);
        assertGene(alone(), "7157", "TP53", ResolutionRule.ENTREZ);
        assertGene(alone(), "nothing", "nothing", ResolutionRule.UNKNOWN);
        assertGene(alone(), "LFS1", "TP53", ResolutionRule.ALIAS);
        assertGene(GeneIdentity.plain(), "FAM46C", "FAM46C", ResolutionRule.NAMED);
        assertThat(alone().resolve("TP53").approved()).isTrue();
        assertThat(alone().resolve("nothing").approved()).isFalse();
    }

    @Test
    void readsEveryFormOfAnEnsemblId() throws IOException {
        for (String id : List.of(
                "ENSG00000197976",
                "ENSG00000197976.12",
                "ENSG00000197976.12_PAR_Y",
                "ENSG00000197976_PAR_Y",
                "ENSG00000197976_PAR_Y.2",
                "ENSGR0000197976.9",
                "GRCh38_ENSG00000197976.12")) {
            assertGene(alone(), id, "AKAP17A", ResolutionRule.ENSEMBL);
        }
        assertThat(GeneIdentity.plain().canonical("ENSG00000197976.12_PAR_Y")).isEqualTo("ENSG00000197976");
    }

    @Test
    void takesNamesApartThatArePutTogether() throws IOException {
        for (String name : List.of(
                "ENSG00000141510.18_TP53",
                "ENSG00000141510|TP53",
                "TP53_ENSG00000141510",
                "P53|7157",
                "?|7157",
                "TP53|1a2b3c4")) {
            assertThat(alone().canonical(name)).as(name).isEqualTo("TP53");
            assertThat(column(alone(), name, "CD3E").get(0).canonical())
                    .as(name)
                    .isEqualTo("TP53");
        }
        assertThat(alone().resolve("SHARED|none").others()).containsExactly("ONE", "TWO");
        assertThat(alone().resolve("SHARED|none").canonical()).isEqualTo("SHARED|none");
        assertThat(alone().resolve("a|b").rule()).isEqualTo(ResolutionRule.UNKNOWN);
    }

    @Test
    void takesEachNameOfAMixedColumnByItsOwnKind() throws IOException {
        List<GeneResolution> genes = column(
                alone(), "ENSG00000141510.17", "ENSG00000198851", "ENSG00000183508.2", "FAM46C", "HLA-A", "1003");
        assertThat(genes.stream().map(GeneResolution::canonical))
                .containsExactly("TP53", "CD3E", "TENT5C", "TENT5C", "HLA-A", "THREE");
        assertThat(genes.stream().map(GeneResolution::rule))
                .containsExactly(
                        ResolutionRule.ENSEMBL,
                        ResolutionRule.ENSEMBL,
                        ResolutionRule.ENSEMBL,
                        ResolutionRule.PREVIOUS,
                        ResolutionRule.APPROVED,
                        ResolutionRule.ENTREZ);
        assertThat(column(alone(), "TP53", "CD3E", "3").get(2).rule())
                .as("a row's number is no id")
                .isEqualTo(ResolutionRule.UNKNOWN);
    }

    @Test
    void neverGuessesBetweenTwoGenes() throws IOException {
        GeneResolution alias = alone().resolve("SHARED");
        assertThat(alias.rule()).isEqualTo(ResolutionRule.AMBIGUOUS);
        assertThat(alias.others()).containsExactly("ONE", "TWO");
        assertThat(alone().resolve("OLDTWO").others()).containsExactly("THREE", "TWO");
        assertThat(alone().resolve("BOTH").others()).containsExactly("ONE", "THREE");
        assertThat(alone().resolve("ENSG00000000005").others()).containsExactly("TWIN1", "TWIN2");
        assertThat(alone().resolve("1005").others()).containsExactly("TWIN1", "TWIN2");
    }

    @Test
    void takesAnOldSymbolWhereTheFileHasAllOthersByTheirOwnNames() throws IOException {
        GeneResolution left = column(alone(), "OLDTWO", "TWO", "CD3E").get(0);
        assertThat(left.rule()).as("its old owner is there").isEqualTo(ResolutionRule.AMBIGUOUS);
        assertThat(column(alone(), "OLDTWO", "TP53").get(0).rule()).isEqualTo(ResolutionRule.AMBIGUOUS);
        GeneResolution only = column(alone(), "OLDTWO", "THREE").get(0);
        assertThat(only.canonical()).isEqualTo("TWO");
        assertThat(only.rule()).isEqualTo(ResolutionRule.PREVIOUS);
        assertThat(only.approved()).isTrue();
        assertThat(column(alone(), "SHARED", "TWO").get(0).rule())
                .as("an alias alone is not settled so")
                .isEqualTo(ResolutionRule.AMBIGUOUS);
        assertThat(column(alone(), "SHARED", "SHARED-1", "CD3E").get(1).others())
                .as("a numbered duplicate is as ambiguous")
                .containsExactly("ONE", "TWO");
    }

    @Test
    void takesAnApprovedSymbolForItsGeneAndNamesTheOthers() throws IOException {
        assertGene(alone(), "CD3E", "CD3E", ResolutionRule.APPROVED);
        assertThat(alone().resolve("CD3E").others()).containsExactly("FOUR");
    }

    @Test
    void addsWhatGencodeKnows() throws IOException {
        assertGene(both(), "ENSG00000000007.3", "NOVEL7", ResolutionRule.GENCODE);
        assertThat(both().resolve("NOVEL7").approved()).isFalse();
        assertGene(both(), "NOVEL7", "NOVEL7", ResolutionRule.GENCODE);
        assertGene(both(), "NEWTWO", "TWO", ResolutionRule.GENCODE);
        assertGene(both(), "ENSG00000000002", "TWO", ResolutionRule.ENSEMBL);
        assertGene(both(), "ENSG00000000005", "TWIN2", ResolutionRule.GENCODE);
        assertGene(both(), "ENSG00000000008", "ENSG00000000008", ResolutionRule.UNKNOWN);
        assertGene(both(), "ENSG00000000010", "ENSG00000000010", ResolutionRule.UNKNOWN);
        assertThat(both().resolve("ENSG00000000010").note()).contains("2 ids Y_COPY");
        assertGene(both(), "Y_COPY", "Y_COPY", ResolutionRule.AMBIGUOUS);
    }

    @Test
    void takesNoSideWhereHgncAndGencodeContradict() throws IOException {
        GeneResolution id = both().resolve("ENSG00000000003");
        assertThat(id.rule()).isEqualTo(ResolutionRule.AMBIGUOUS);
        assertThat(id.others()).containsExactly("THREE", "FOUR");
        GeneResolution copy = both().resolve("ENSG00000000006");
        assertThat(copy.rule()).as("CD3E has another id, which is there").isEqualTo(ResolutionRule.AMBIGUOUS);
        assertThat(copy.others()).containsExactly("CD3E", "ENSG00000000006");
    }

    @Test
    void looksAtTheIdsBesideANameThatSaysTooLittle() throws IOException {
        String[] ids = {
            "ENSG00000000002.4", "ENSG00000141510", "ENSG00000999999", "ENSG00000999998", "ENSG00000206503", ""
        };
        AnnotationTable table = new AnnotationTable(
                List.of("SHARED", "CLONE-7.1", "CD3E", "TENT5C", "HLA-A", "AKAP17A"),
                Map.of("gene_ids", new Column.Text(ids)));
        GeneNames names = alone().canonical(table);
        assertThat(names.column()).isEqualTo("index");
        assertThat(names.canonical()).containsExactly("TWO", "TP53", "CD3E", "TENT5C", "HLA-A", "AKAP17A");
        assertThat(names.resolutions().get(0).rule()).isEqualTo(ResolutionRule.ENSEMBL);
        assertThat(names.resolutions().get(0).note()).isEqualTo("by ENSG00000000002.4 in gene_ids");
    }

    @Test
    void countsAndListsWhatBecameOfTheNames() throws IOException {
        GeneNames names = alone().canonical(new AnnotationTable(
                List.of("CD3E", "SHARED", "FAM46C", "TENT5C", "HLA.A", "TP53", "TP53-1", "P53", "what\tis"), Map.of()));
        GeneReport report = GeneReport.of(names);
        assertThat(report.approved()).isEqualTo(6);
        assertThat(report.count(ResolutionRule.AMBIGUOUS)).isEqualTo(2);
        assertThat(report.count(ResolutionRule.UNKNOWN)).isEqualTo(1);
        assertThat(report.duplicated()).isEqualTo(2);
        assertThat(report.sharing()).isEqualTo(1);
        assertThat(report.examples().get(ResolutionRule.AMBIGUOUS)).containsExactly("SHARED: ONE, TWO", "P53: TP53");
        Path list = folder.resolve("genes.tsv");
        GeneReportFiles.write(list, names);
        List<String> lines = Files.readAllLines(list);
        assertThat(lines).hasSize(10);
        assertThat(lines.get(0)).isEqualTo("name\tkind\tresolved\tapproved\trule\tothers\tnote");
        assertThat(lines.get(1)).isEqualTo("CD3E\tsymbol\tCD3E\tyes\tapproved\tFOUR\t");
        assertThat(lines.get(2)).isEqualTo("SHARED\tsymbol\t\tno\tambiguous\tONE|TWO\t");
        assertThat(lines.get(3)).isEqualTo("FAM46C\tsymbol\tTENT5C\tyes\tprevious\t\t");
        assertThat(lines.get(7)).isEqualTo("TP53-1\tsymbol\tTP53\tyes\tapproved\t\ta numbered duplicate of TP53");
        assertThat(lines.get(9)).startsWith("what is\tsymbol\t\tno\tunknown");
        assertThatThrownBy(() -> new GeneResolution(
                        "a", IdentifierKind.SYMBOL, "A", ResolutionRule.UNKNOWN, true, List.of(), ""))
                .isInstanceOf(IllegalArgumentException.class);
    }

    @Test
    void leavesAmbiguousNamesOutOfAMappingAndSaysSo() throws IOException {
        GeneVocabulary vocabulary = new GeneVocabulary(List.of("ONE", "TWO", "TP53", "CD3E"));
        GeneMapping mapping =
                alone().map(new AnnotationTable(List.of("SHARED", "P53", "CD3E", "else"), Map.of()), vocabulary);
        assertThat(mapping.target()).containsExactly(-1, 2, 3, -1);
        assertThat(mapping.unknown()).isEqualTo(2);
        assertThat(mapping.ambiguous()).isEqualTo(1);
        assertThat(mapping.ambiguousExamples()).containsExactly("SHARED: ONE, TWO");
        assertThat(mapping.summary()).contains("2 unknown (1 ambiguous)");
    }

    /** Over random tables in which names are shared at will: a gene is found only where exactly one may be meant. */
    @Test
    void resolvesANameOnlyWhereOneGeneIsMeant() throws IOException {
        int ambiguous = 0;
        int resolved = 0;
        for (long seed = 1; seed <= 60; seed++) {
            KeyedRandom random = KeyedRandom.of(seed);
            Map<String, TreeSet<String>> meant = new TreeMap<>();
            List<String> approved = new ArrayList<>();
            StringBuilder text = new StringBuilder("symbol\talias_symbol\tprev_symbol\tensembl_gene_id\n");
            for (int gene = 0; gene < 30; gene++) {
                String symbol = "GENE" + gene;
                approved.add(symbol);
                String alias = "NAME" + random.nextInt(40);
                String previous = random.nextInt(5) == 0 ? "GENE" + random.nextInt(30) : "NAME" + random.nextInt(40);
                String id = "ENSG000000000" + (10 + random.nextInt(60));
                text.append(symbol + "\t" + alias + "|" + "NAME" + gene % 7 + "\t" + previous + "\t" + id + "\n");
                for (String name : List.of(alias, "NAME" + gene % 7, previous, id)) {
                    meant.computeIfAbsent(name, any -> new TreeSet<>()).add(symbol);
                }
            }
            GeneIdentity identity = GeneIdentity.with(
                    HgncTable.read(Files.writeString(folder.resolve("random" + seed + ".txt"), text.toString())));
            for (Map.Entry<String, TreeSet<String>> name : meant.entrySet()) {
                GeneResolution found = identity.resolve(name.getKey());
                Collection<String> genes = name.getValue();
                String where = "seed " + seed + ", " + name;
                if (approved.contains(name.getKey())) {
                    assertThat(found.canonical()).as(where).isEqualTo(name.getKey());
                } else if (genes.size() == 1) {
                    resolved++;
                    assertThat(found.canonical())
                            .as(where)
                            .isEqualTo(genes.iterator().next());
                } else {
                    ambiguous++;
                    assertThat(found.resolved()).as(where).isFalse();
                    assertThat(found.canonical()).as(where).isEqualTo(name.getKey());
                    assertThat(genes).as(where).containsAll(found.others());
                }
            }
        }
        assertThat(ambiguous).as("names that the tables share").isGreaterThan(500);
        assertThat(resolved).isGreaterThan(500);
    }
}
