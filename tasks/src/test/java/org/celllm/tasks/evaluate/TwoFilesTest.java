package org.celllm.tasks.evaluate;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import org.celllm.data.progress.Progress;
import org.celllm.tasks.SimulatedCells;
import org.celllm.tasks.annotate.LabelledCells;
import org.celllm.tasks.embed.CellEmbedder;
import org.celllm.tasks.embed.CellFile;
import org.celllm.tasks.embed.EmbedSettings;
import org.celllm.tasks.labels.CellLabels;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class TwoFilesTest {
    private static final int FIRST = 120;
    private static final int SECOND = 50;

    @TempDir
    static Path folder;

    private static LabelledCells training;
    private static LabelledCells test;

    @BeforeAll
    static void read() throws IOException {
        Path model = SimulatedCells.model(folder.resolve("model"), SimulatedCells.of(10, 1));
        try (CellEmbedder embedder = CellEmbedder.open(model, EmbedSettings.usual())) {
            training = cells(embedder, folder.resolve("first.h5ad"), FIRST, 1, null);
            test = cells(embedder, folder.resolve("second.h5ad"), SECOND, 2, training);
        }
    }

    @Test
    void everythingThatIsFittedWithoutLabelsIsOfTheFirstFile() {
        TwoFiles both = TwoFiles.of(training, test, 0);
        EvaluationData alone = EvaluationData.of(training, 0);
        int[] first = IntStream.range(0, FIRST).toArray();
        assertThat(both.data().head().select(first).components().values())
                .isDeepEqualTo(alone.head().components().values());
        assertThat(both.data().components().select(first).values())
                .isDeepEqualTo(alone.components().values());
        assertThat(Arrays.deepEquals(
                        both.together(0).components().select(first).values(),
                        alone.components().values()))
                .as("components of both files are others")
                .isFalse();
        assertThat(both.own().codes()).isEqualTo(training.labels().codes());
    }

    /** With other cells in the second file, and with none of a type, what is said of a cell of it stays the same. */
    @Test
    void whatIsSaidOfACellDoesNotDependOnTheOthersOfItsFile() {
        int[] some = IntStream.range(0, SECOND).filter(cell -> cell % 3 == 0).toArray();
        TwoFiles all = TwoFiles.of(training, test, 0);
        TwoFiles few = TwoFiles.of(training, only(test, some), 0);
        CellLabels own = all.own();
        for (int perClass : new int[] {3, 25}) {
            Split drawn = Splits.fewShot(own.codes(), own.classes(), perClass, 1, 0);
            Split toAll = split(all, drawn);
            Split toFew = split(few, drawn);
            List<Method> ofAll = Methods.acrossFiles(all, 0);
            List<Method> ofFew = Methods.acrossFiles(few, 0);
            int changed = 0;
            for (int m = 0; m < ofAll.size(); m++) {
                double[][] predicted = ofAll.get(m).logProbabilities(all.data(), toAll, 0);
                double[][] expected = new double[some.length][];
                for (int i = 0; i < some.length; i++) {
                    expected[i] = predicted[some[i]];
                }
                double[][] given = ofFew.get(m).logProbabilities(few.data(), toFew, 0);
                if (ofAll.get(m).name().endsWith("of both files")) {
                    changed += Arrays.deepEquals(given, expected) ? 0 : 1;
                } else {
                    assertThat(given)
                            .as("%s, %d a class", ofAll.get(m).name(), perClass)
                            .isDeepEqualTo(expected);
                }
            }
            assertThat(changed).as("baselines that see both files do change").isPositive();
        }
    }

    @Test
    void aClassThatOnlyTheFirstFileHasCostsWhatIsCalledSoAndNoMore() {
        CellLabels labels = new CellLabels(List.of("a", "b", "only first"), new int[] {0, 1, 2, 0, 0, 1, 1});
        Split split = new Split("all", new int[] {0, 1, 2}, new int[] {3, 4, 5, 6});
        AnnotationProtocol protocol = new AnnotationProtocol("all", List.of(new Trial("all", 0, List.of(split))));
        TwoFiles any = TwoFiles.of(training, test, 0);
        int[] seven = IntStream.range(0, 7).toArray();
        EvaluationData data = new EvaluationData(
                any.data().cellNames().subList(0, 7),
                labels,
                any.data().head().select(seven),
                any.data().encoded().select(seven),
                any.data().genes().select(seven),
                any.data().scaled().select(seven),
                any.data().components().select(seven));
        // a, a, b, and one b called by the name that the second file does not have: F1 of a is 1, of b 2/3.
        double[][] said = {{0, -9, -9}, {0, -9, -9}, {-9, 0, -9}, {-9, -9, 0}};
        AnnotationEvaluation evaluation = protocol.run(data, List.of(saying(said)), Progress.SILENT);
        assertThat(evaluation.of("fixed").macroF1().mean()).isEqualTo((1 + 2.0 / 3) / 2);
        assertThat(evaluation.of("fixed").accuracy().mean()).isEqualTo(0.75);
    }

    @Test
    void filesOverOtherClassesAreRefused() {
        LabelledCells renamed = labelled(
                test, test.labels().renamed(Map.of(test.labels().names().get(0), "another")));
        assertThatThrownBy(() -> TwoFiles.of(training, renamed, 0)).isInstanceOf(IllegalArgumentException.class);
    }

    private static Method saying(double[][] logs) {
        return new Method() {
            @Override
            public String name() {
                return "fixed";
            }

            @Override
            public double[][] logProbabilities(EvaluationData data, Split split, long seed) {
                return logs;
            }
        };
    }

    private static Split split(TwoFiles files, Split drawn) {
        return files.draws("some", 1, draw -> drawn).trials().get(0).splits().get(0);
    }

    private static LabelledCells cells(
            CellEmbedder embedder, Path path, int cells, long seed, @Nullable LabelledCells over) throws IOException {
        SimulatedCells.write(path, cells, seed);
        try (CellFile opened = CellFile.open(
                path, EmbedSettings.usual().values(), EmbedSettings.usual().identity())) {
            CellLabels labels = CellLabels.read(path, opened.cells(), "cell_type");
            if (over != null) {
                labels = labels.over(over.labels().names());
            }
            return LabelledCells.read(
                    embedder, opened, labels, over == null ? null : over.genes(), 1000, 0, Progress.SILENT);
        }
    }

    private static LabelledCells only(LabelledCells cells, int[] kept) {
        return new LabelledCells(
                Arrays.stream(kept).mapToObj(cells.names()::get).toList(),
                new CellLabels(cells.labels().names(), cells.labels().codesOf(kept)),
                cells.genes(),
                cells.measured(),
                cells.expression().select(kept),
                cells.scaling(),
                cells.embedding().select(kept),
                cells.reading(),
                cells.left());
    }

    private static LabelledCells labelled(LabelledCells cells, CellLabels labels) {
        return new LabelledCells(
                cells.names(),
                labels,
                cells.genes(),
                cells.measured(),
                cells.expression(),
                cells.scaling(),
                cells.embedding(),
                cells.reading(),
                cells.left());
    }
}
