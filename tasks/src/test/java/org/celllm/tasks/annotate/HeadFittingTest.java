package org.celllm.tasks.annotate;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Arrays;
import java.util.stream.IntStream;
import org.celllm.data.features.DenseRows;
import org.celllm.data.random.KeyedRandom;
import org.celllm.tasks.RandomRows;
import org.celllm.tasks.baselines.LogisticRegression;
import org.celllm.tasks.labels.LabelSample;
import org.junit.jupiter.api.Test;

class HeadFittingTest {
    private static final int CELLS = 700;
    private static final int CLASSES = 3;
    private static final long SEED = Long.getLong("celllm.seed", 2306);

    private final KeyedRandom random = KeyedRandom.of(SEED);
    private final int[] codes =
            IntStream.range(0, CELLS).map(i -> i % 50 == 0 ? 2 : i % 2).toArray();
    private final HeadFeatures features = features();

    @Test
    void ofManyCellsSomeChooseAndAllAreLearnedFrom() {
        int most = 350;
        HeadSettings settings = HeadSettings.usual(SEED);
        boolean[] kept = LabelSample.of(codes, CLASSES, most, SEED);
        int[] sample = IntStream.range(0, CELLS).filter(i -> kept[i]).toArray();
        assertThat(sample.length).isBetween(300, 400);
        assertThat(Arrays.stream(sample).filter(i -> codes[i] == 2).count())
                .as("all of a rare class")
                .isEqualTo(14);

        HeadFitting.Result fitted = HeadFitting.fit(features, codes, CLASSES, settings, most);
        HeadFitting.Result ofSample = HeadFitting.fit(
                features.select(sample),
                Arrays.stream(sample).map(i -> codes[i]).toArray(),
                CLASSES,
                settings);

        assertThat(fitted.choices()).as("seed %d", SEED).isEqualTo(ofSample.choices());
        assertThat(fitted.innerFolds()).isEqualTo(3);
        assertThat(fitted.head().members()).isNotEmpty();
        for (AnnotationHead.Member member : fitted.head().members()) {
            LogisticRegression expected = LogisticRegression.fit(
                    features.of(member.kind()), codes, CLASSES, member.strength(), settings.classWeights());
            assertThat(member.regression().weights()).containsExactly(expected.weights());
        }
        assertThat(fitted.head().logProbabilities(features))
                .isNotEqualTo(ofSample.head().logProbabilities(features));
    }

    @Test
    void ofNoMoreCellsAllChoose() {
        HeadSettings settings = HeadSettings.usual(SEED);
        assertThat(HeadFitting.fit(features, codes, CLASSES, settings, CELLS).choices())
                .isEqualTo(HeadFitting.fit(features, codes, CLASSES, settings).choices())
                .isNotEqualTo(HeadFitting.fit(features, codes, CLASSES, settings, CELLS / 2)
                        .choices());
    }

    private HeadFeatures features() {
        float[][] components = new float[CELLS][20];
        float[][] embedding = new float[CELLS][8];
        for (int i = 0; i < CELLS; i++) {
            for (int j = 0; j < 20; j++) {
                components[i][j] = (float) (random.nextGaussian() + (j == codes[i] ? 1 : 0));
            }
            for (int j = 0; j < 8; j++) {
                embedding[i][j] = (float) (random.nextGaussian() + (j == codes[i] ? 1 : 0));
            }
        }
        return new HeadFeatures(
                DenseRows.of(embedding), RandomRows.sparse(random, CELLS, 30, 0.3), DenseRows.of(components));
    }
}
