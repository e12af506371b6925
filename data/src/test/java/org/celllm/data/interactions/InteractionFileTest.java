package org.celllm.data.interactions;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.OptionalDouble;
import java.util.stream.IntStream;
import java.util.zip.GZIPOutputStream;
import org.celllm.data.InputException;
import org.celllm.data.interactions.InteractionFile.Contents;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class InteractionFileTest {
    private static final String INFO = """
            #string_protein_id\tpreferred_name\tprotein_size
            9606.P1\tTP53\t9
            9606.P2\tMDM2\t9
            9606.P3\tATM\t9
            9606.P4\tTP53\t9
            """;
    private static final String LINKS = """
            protein1 protein2 combined_score
            9606.P1 9606.P2 999
            9606.P2 9606.P1 999
            9606.P1 9606.P3 400
            9606.P1 9606.P4 900
            9606.P2 9606.P3 399
            9606.P3 9606.P9 800
            """;

    @TempDir
    Path folder;

    @Test
    void stringsLinksAreReadWithTheNamesOfItsInfo() throws IOException {
        ProteinNames names = ProteinNames.read(file("info.txt", INFO));
        Contents contents = InteractionFile.read(file("links.txt", LINKS), names, OptionalDouble.empty());
        assertThat(edges(contents)).containsExactly("ATM-TP53", "MDM2-TP53");
        assertThat(contents.minScore()).hasValue(400);
        assertThat(contents.lines()).isEqualTo(6);
        assertThat(contents.below()).isEqualTo(1);
        assertThat(contents.unknown()).isEqualTo(1);
        assertThat(contents.repeated()).isEqualTo(2);
        Contents strict = InteractionFile.read(file("links.txt", LINKS), names, OptionalDouble.of(950));
        assertThat(strict.network().genes().names()).containsExactly("MDM2", "TP53");
        assertThat(strict.below()).isEqualTo(4);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "gene1\tgene2\tentrez1\tentrez2\tcombined_score\texperiments\nB\tA\t1\t2\t905\t0\nA\tC\t1\t3\t901\t900\nB\tC\t2\t3\t7\t0\n",
                "A\tB\t500\nC\tA\t401\nC\tB\t12.5\n",
                "gene1\tgene2\nA\tB\nA\tC\nC\tA\n\n",
                "A\tB\nC\tA\nA\tA\n",
                "B A\nC A\n",
                "#node1\tnode2\tscore\r\n\"A\"\t\"B\"\t500\r\nA\tC\t500\r\nD\tD\t500\r\n"
            })
    void tablesOfSymbolsAreReadWithAndWithoutHeaderAndScore(String text) throws IOException {
        Contents plain = InteractionFile.read(file("pairs.tsv", text), null, OptionalDouble.empty());
        assertThat(edges(plain)).containsExactly("A-B", "A-C");
        assertThat(plain.network().genes().names()).containsExactly("A", "B", "C");
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        try (GZIPOutputStream gzip = new GZIPOutputStream(bytes)) {
            gzip.write(text.getBytes(StandardCharsets.UTF_8));
        }
        Path packed = Files.write(folder.resolve("packed"), bytes.toByteArray());
        assertThat(edges(InteractionFile.read(packed, null, OptionalDouble.empty())))
                .containsExactly("A-B", "A-C");
        Files.write(packed, Arrays.copyOf(bytes.toByteArray(), bytes.size() - 9));
        assertThatThrownBy(() -> InteractionFile.read(packed, null, OptionalDouble.empty()))
                .isInstanceOf(InputException.class)
                .hasMessageContaining("cannot be unpacked");
    }

    @Test
    void theOrderOfTheLinesDoesNotMatter() throws IOException {
        GeneNetwork one = InteractionFile.read(file("a", "X\tB\nA\tC\nB\tA\n"), null, OptionalDouble.empty())
                .network();
        GeneNetwork other = InteractionFile.read(file("b", "A\tB\nB\tX\nC\tA\n"), null, OptionalDouble.empty())
                .network();
        assertThat(other.genes()).isEqualTo(one.genes());
        assertThat(other.first()).containsExactly(one.first());
        assertThat(other.second()).containsExactly(one.second());
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = ';',
            value = {
                "''; is empty",
                "A; line 1",
                "A,B,3,4; line 1",
                "A,B,x; line 1",
                "A,B,500|A,C; line 2",
                "A,B,500|A,C,high; line 2",
                "A,B,500|A,C,; line 2",
                "A,B,500|A,C,-3; line 2",
                "A,B,500|A,C,NaN; line 2",
                "A,B,500|A,,500; line 2",
                "A,B,0.9; its highest is 0.9",
                "A,A,900; themselves only",
                "gene1,gene2,score; holds no interactions",
                "9606.ENSP00000000233,9606.ENSP00000000412,500; --info"
            })
    void whatCannotBeUsedIsOneClearLine(String text, String says) throws IOException {
        Path file = file("bad.tsv", text.replace(',', '\t').replace('|', '\n'));
        assertThatThrownBy(() -> InteractionFile.read(file, null, OptionalDouble.empty()))
                .isInstanceOf(InputException.class)
                .hasMessageContaining("bad.tsv")
                .hasMessageContaining(says);
    }

    @Test
    void aThresholdWithoutScoresAndNamesOfAnotherOrganismAreRefused() throws IOException {
        Path pairs = file("pairs.tsv", "gene1\tgene2\nA\tB\n");
        assertThatThrownBy(() -> InteractionFile.read(pairs, null, OptionalDouble.of(1)))
                .isInstanceOf(InputException.class)
                .hasMessageContaining("Leave --min-score out");
        ProteinNames mouse = ProteinNames.read(file("info.txt", "#string_protein_id\tname\n10090.P1\tTrp53\n"));
        assertThatThrownBy(() -> InteractionFile.read(file("links.txt", LINKS), mouse, OptionalDouble.empty()))
                .isInstanceOf(InputException.class)
                .hasMessageContaining("same organism");
        for (String bad : List.of("", "9606.P1\n", "9606.P1\tA\n9606.P1\tB\n", "9606.P1\t\n")) {
            assertThatThrownBy(() -> ProteinNames.read(file("bad.txt", bad)))
                    .isInstanceOf(InputException.class)
                    .hasMessageContaining("bad.txt");
        }
    }

    @Test
    void neighboursStandInOrderWithAndWithoutTheGeneItself() {
        GeneNetwork network = GeneNetwork.of(List.of("C", "A", "B", "D"), new long[] {
            GeneNetwork.pair(0, 1), GeneNetwork.pair(1, 2), GeneNetwork.pair(2, 0), GeneNetwork.pair(2, 1)
        });
        assertThat(network.degrees()).containsExactly(2, 2, 2, 0);
        GeneNetwork.Neighbours others = network.neighbours(false);
        assertThat(others.all()).containsExactly(1, 2, 0, 2, 0, 1);
        assertThat(others.has(0, 2)).isTrue();
        assertThat(others.has(0, 3)).isFalse();
        assertThat(network.neighbours(true).all()).containsExactly(0, 1, 2, 0, 1, 2, 0, 1, 2, 3);
    }

    private Path file(String name, String text) throws IOException {
        return Files.writeString(folder.resolve(name), text);
    }

    private static List<String> edges(Contents contents) {
        GeneNetwork network = contents.network();
        List<String> names = network.genes().names();
        return IntStream.range(0, network.edges())
                .mapToObj(edge -> names.get(network.first()[edge]) + "-" + names.get(network.second()[edge]))
                .toList();
    }
}
