package org.celllm.tasks.response;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import org.celllm.data.files.Sha256;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ResponseSplitsTest {
    @TempDir
    Path folder;

    @Test
    void partsAreDisjointAndUnseenMeansUnseen() {
        for (long seed = 0; seed < 12; seed++) {
            DrugResponses responses =
                    SimulatedResponses.of(30 + (int) seed, 21, seed).responses();
            for (SplitKind kind : SplitKind.values()) {
                ResponseSplit split = ResponseSplits.split(responses, kind, seed);
                Set<Integer> all = new TreeSet<>();
                for (int[] part : List.of(split.train(), split.validation(), split.test())) {
                    Arrays.stream(part).forEach(all::add);
                }
                int together = split.train().length + split.validation().length + split.test().length;
                assertThat(all).as("seed %d, %s", seed, kind).hasSize(together);
                if (kind != SplitKind.BOTH) {
                    assertThat(together).as("seed %d, %s", seed, kind).isEqualTo(responses.pairs());
                }
                if (kind == SplitKind.LINES || kind == SplitKind.BOTH) {
                    unseen(split, responses.line(), "seed " + seed + ", " + kind);
                }
                if (kind == SplitKind.DRUGS || kind == SplitKind.BOTH) {
                    unseen(split, responses.drug(), "seed " + seed + ", " + kind);
                }
            }
        }
    }

    @Test
    void aTenthIsTestedAndATenthValidated() {
        DrugResponses responses = SimulatedResponses.of(50, 30, 1).responses();
        ResponseSplit random = ResponseSplits.split(responses, SplitKind.RANDOM, 0);
        assertThat(random.test()).hasSize(Math.round(responses.pairs() * 0.1f));
        assertThat(random.validation()).hasSameSizeAs(random.test());
        ResponseSplit lines = ResponseSplits.split(responses, SplitKind.LINES, 0);
        assertThat(units(lines.test(), responses.line())).hasSize(5);
        assertThat(units(lines.train(), responses.line())).hasSize(40);
    }

    @Test
    void theOrderOfRowsDoesNotMatterAndTheSeedDoes() {
        DrugResponses responses = SimulatedResponses.of(30, 20, 2).responses();
        List<DrugResponses.Response> rows = new ArrayList<>();
        for (int i = 0; i < responses.pairs(); i++) {
            rows.add(new DrugResponses.Response(
                    responses.lines().get(responses.line()[i]),
                    responses.drugs().get(responses.drug()[i]),
                    responses.lnIc50()[i]));
        }
        Collections.shuffle(rows, new Random(4));
        DrugResponses other = DrugResponses.of(rows);
        for (SplitKind kind : SplitKind.values()) {
            ResponseSplit split = ResponseSplits.split(responses, kind, 3);
            assertThat(named(other, ResponseSplits.split(other, kind, 3).test()))
                    .as(kind.word())
                    .isEqualTo(named(responses, split.test()));
            assertThat(ResponseSplits.split(responses, kind, 4).train()).isNotEqualTo(split.train());
        }
    }

    @Test
    void tooFewAreRefused() {
        DrugResponses two = DrugResponses.of(
                List.of(new DrugResponses.Response("a", "x", 1), new DrugResponses.Response("b", "x", 2)));
        assertThatThrownBy(() -> ResponseSplits.split(two, SplitKind.LINES, 0))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("too few");
    }

    @Test
    void theFileTellsEveryPairsPart() throws IOException {
        DrugResponses responses = SimulatedResponses.of(30, 21, 6).responses();
        List<ResponseSplit> splits = new ArrayList<>();
        for (SplitKind kind : SplitKind.values()) {
            splits.addAll(ResponseSplits.of(responses, kind, 2));
        }
        Path file = folder.resolve("splits.tsv");
        assertThat(ResponseSplitFile.write(file, splits, responses)).isEqualTo(Sha256.of(file));
        Set<String> rows = Set.copyOf(Files.readAllLines(file));
        for (ResponseSplit split : splits) {
            String start = split.kind().word() + "\t" + split.name() + "\ttest\t";
            int tested = 0;
            for (int i = 0; i < responses.pairs(); i++) {
                String line = responses.lines().get(responses.line()[i]);
                String drug = responses.drugs().get(responses.drug()[i]);
                boolean inTest = switch (split.kind()) {
                    case RANDOM -> rows.contains(start + line + "\t" + drug);
                    case LINES -> rows.contains(start + line + "\t*");
                    case DRUGS -> rows.contains(start + "*\t" + drug);
                    case BOTH -> rows.contains(start + line + "\t*") && rows.contains(start + "*\t" + drug);
                };
                tested += inTest ? 1 : 0;
                assertThat(Arrays.binarySearch(split.test(), i) >= 0)
                        .as("%s %s", start, i)
                        .isEqualTo(inTest);
            }
            assertThat(tested).isEqualTo(split.test().length);
        }
    }

    private static void unseen(ResponseSplit split, int[] unit, String what) {
        Set<Integer> train = units(split.train(), unit);
        Set<Integer> validation = units(split.validation(), unit);
        Set<Integer> test = units(split.test(), unit);
        assertThat(test).as(what).doesNotContainAnyElementsOf(train).doesNotContainAnyElementsOf(validation);
        assertThat(validation).as(what).doesNotContainAnyElementsOf(train);
    }

    private static Set<Integer> units(int[] pairs, int[] unit) {
        return Arrays.stream(pairs).mapToObj(pair -> unit[pair]).collect(Collectors.toSet());
    }

    private static Set<String> named(DrugResponses responses, int[] pairs) {
        return Arrays.stream(pairs)
                .mapToObj(i -> responses.lines().get(responses.line()[i])
                        + "/"
                        + responses.drugs().get(responses.drug()[i]))
                .collect(Collectors.toSet());
    }
}
