package org.celllm.training.contrast;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Set;
import java.util.function.Consumer;
import java.util.function.Function;
import java.util.stream.Collectors;
import org.bytedeco.javacpp.PointerScope;
import org.bytedeco.pytorch.Scalar;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.global.torch;
import org.celllm.data.cells.CellBatch;
import org.celllm.data.cells.CellBatches;
import org.celllm.data.cells.NearDuplicates;
import org.celllm.data.random.KeyedRandom;
import org.celllm.network.CellLanguageModel;
import org.celllm.network.Dropouts;
import org.celllm.network.ModelOptions;
import org.celllm.network.NetworkConfig;
import org.celllm.network.PaddingMode;
import org.celllm.network.Pooling;
import org.celllm.network.runtime.Precision;
import org.celllm.network.runtime.TensorArrays;
import org.celllm.network.runtime.Workers;
import org.celllm.training.RandomCells;
import org.celllm.training.objective.Contrast;
import org.celllm.training.objective.MaskedExpression;
import org.celllm.training.objective.NormalVersusCancer;
import org.celllm.training.objective.Objectives;
import org.celllm.training.objective.PairScale;
import org.celllm.training.objective.WholeLoss;
import org.celllm.training.optimiser.AdamW;
import org.celllm.training.views.CellViews;
import org.celllm.training.views.ViewSettings;
import org.celllm.training.views.ViewedCells;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

/** Promise 1: the divided gradient is the undivided one, for every division; and a test that can tell. */
class DivideAndConquerTest {
    private static final long SEED = Long.getLong("celllm.seed", 2306);

    @ParameterizedTest
    @CsvSource({"FLOAT64, 24, 1e-10", "FLOAT32, 12, 1e-5"})
    void everyDivisionGivesTheGradientOfTheUndividedBatch(Precision precision, int trials, double tolerance) {
        for (int trial = 0; trial < trials; trial++) {
            try (Case random = new Case(precision, trial)) {
                double[] undivided = random.undividedGradient();
                for (int division = 0; division < 3; division++) {
                    ChunkPlan plan = random.plan(division);
                    StepResult result = random.divide(plan, random.step, gradient -> {});
                    assertThat(relativeDistance(random.gradient(), undivided))
                            .as("%s, %s, %s of %s chunks rerun", random, plan, result.rerun(), result.chunks())
                            .isLessThan(tolerance);
                    assertThat(result.loss())
                            .as(random.toString())
                            .isCloseTo(random.undividedLoss, within(tolerance * 1e2 * (1 + random.undividedLoss)));
                }
            }
        }
    }

    @Test
    void twentyStepsOfTheOptimiserLeadToTheSameWeights() {
        for (int trial = 0; trial < 3; trial++) {
            try (Case divided = new Case(Precision.FLOAT64, trial);
                    Case whole = new Case(Precision.FLOAT64, trial);
                    AdamW dividedOptimiser = new AdamW(divided.parameters(), AdamW.Settings.DEFAULT);
                    AdamW wholeOptimiser = new AdamW(whole.parameters(), AdamW.Settings.DEFAULT)) {
                double[] before = whole.weights();
                for (int step = 0; step < 20; step++) {
                    if (step % 5 == 3) {
                        divided.model.redrawFeatures(SEED, step);
                        whole.model.redrawFeatures(SEED, step);
                    }
                    divided.step = step;
                    whole.step = step;
                    divided.divide(divided.plan(step % 3), step, gradient -> {});
                    dividedOptimiser.step(1e-2);
                    divided.scale.bound();
                    whole.undividedGradient();
                    wholeOptimiser.step(1e-2);
                    whole.scale.bound();
                }
                assertThat(relativeDistance(whole.weights(), before)).isGreaterThan(0.05);
                assertThat(relativeDistance(divided.weights(), whole.weights()))
                        .as(divided.toString())
                        .isLessThan(1e-9);
            }
        }
    }

    @ParameterizedTest
    @EnumSource
    void whatIsBrokenOnPurposeIsNoticed(Fault fault) {
        int noticed = 0;
        for (int trial = 0; trial < 6; trial++) {
            try (Case random = new Case(Precision.FLOAT64, trial)) {
                double[] undivided = random.undividedGradient();
                ChunkPlan plan = new ChunkPlan(40, 0, 1 + trial % 3);
                switch (fault) {
                    case REPLAY -> random.divide(plan, random.step + 1, gradient -> {});
                    case SCALE -> random.divide(plan, random.step, gradient -> gradient.mul_(new Scalar(1.001)));
                    case ONE_CELL ->
                        random.divide(
                                plan,
                                random.step,
                                gradient -> gradient.select(0, random.batch.cells() / 2)
                                        .zero_());
                }
                noticed += relativeDistance(random.gradient(), undivided) > 1e-6 ? 1 : 0;
            }
        }
        assertThat(noticed).as("noticed of 6, seed %s", SEED).isEqualTo(6);
    }

    /** What a step can get wrong. */
    enum Fault {
        REPLAY,
        SCALE,
        ONE_CELL
    }

    @Test
    void plainAccumulationOverChunksIsNotTheGradientOfTheBatch() {
        try (Case random = new Case(Precision.FLOAT64, 3)) {
            double[] undivided = random.undividedGradient();
            random.clearGradients();
            int half = random.batch.cells() / 2;
            random.backwardOf(0, half);
            random.backwardOf(half, random.batch.cells());
            assertThat(relativeDistance(random.gradient(), undivided)).isGreaterThan(1e-2);
        }
    }

    private static double relativeDistance(double[] a, double[] b) {
        double difference = 0;
        double norm = 0;
        for (int i = 0; i < a.length; i++) {
            difference += (a[i] - b[i]) * (a[i] - b[i]);
            norm += b[i] * b[i];
        }
        return Math.sqrt(difference / norm);
    }

    /** A random model, batch, views and objectives. */
    private static final class Case implements AutoCloseable {
        final CellLanguageModel model;
        final CellBatch batch;
        final CellViews views;
        final Objectives objectives;
        final PairScale scale;
        long step;
        private final int trial;
        private final KeyedRandom random;
        private double undividedLoss;

        Case(Precision precision, int trial) {
            this.trial = trial;
            random = KeyedRandom.of(SEED, trial);
            NetworkConfig config =
                    new NetworkConfig(12, 2, 2, 6, 0, 2, 8, 50, 4 + random.nextInt(40), false, PaddingMode.NONE, 0);
            model = CellLanguageModel.create(
                    config, new ModelOptions(random.nextBoolean() ? 0 : 5, true, Pooling.CLS), trial, precision);
            batch = withRepeats(RandomCells.of(SEED + trial, 4 + random.nextInt(8), 50, 5 + random.nextInt(40)));
            ViewSettings settings = new ViewSettings(
                    random.nextInt(3) * 0.3,
                    random.nextBoolean() ? 1 : 0.7,
                    0.1 + 0.2 * random.nextDouble(),
                    0.9,
                    trial % 3 == 2 ? 0 : 0.1 + 0.3 * random.nextDouble());
            views = new CellViews(settings, config, SEED);
            objectives = new Objectives(
                    random.nextInt(3),
                    random.nextInt(2),
                    0.5 + random.nextDouble(),
                    new Contrast(
                            random.nextBoolean() ? Contrast.Kind.INFONCE : Contrast.Kind.SIGLIP,
                            0.05 + random.nextDouble(),
                            random.nextBoolean(),
                            exclusions()),
                    random.nextBoolean() ? Pooling.CLS : Pooling.MEAN);
            scale = PairScale.of(objectives.contrast(), batch.cells(), precision);
            step = random.nextInt(1000);
            model.redrawFeatures(SEED, step);
        }

        private Set<Contrast.Exclusion> exclusions() {
            return Arrays.stream(Contrast.Exclusion.values())
                    .filter(why -> random.nextBoolean())
                    .collect(Collectors.toSet());
        }

        /** Some cells twice. */
        private CellBatch withRepeats(CellBatch cells) {
            int[] chosen = new int[cells.cells() + 3];
            for (int i = 0; i < chosen.length; i++) {
                chosen[i] = i < cells.cells() ? i : random.nextInt(cells.cells());
            }
            return CellBatches.select(cells, chosen);
        }

        ChunkPlan plan(int division) {
            return switch (division) {
                case 0 -> new ChunkPlan(1, 0, 1 + random.nextInt(3));
                case 1 -> new ChunkPlan(20 + random.nextInt(200), 0, 1 + random.nextInt(3));
                default ->
                    new ChunkPlan(
                            20 + random.nextInt(200), random.nextInt(6), random.nextInt(4), 1 + random.nextInt(3));
            };
        }

        StepResult divide(ChunkPlan plan, long replayed, Consumer<Tensor> tamper) {
            clearGradients();
            try (Workers workers = new Workers(3);
                    DivideAndConquer divided = new DivideAndConquer(model, views, objectives, scale, SEED, workers)) {
                return divided.step(batch, step, plan, replayed, tamper);
            }
        }

        double[] undividedGradient() {
            clearGradients();
            undividedLoss = backwardOf(0, batch.cells());
            return gradient();
        }

        /** The total as one autograd expression over a range of cells: written apart from the code under test. */
        double backwardOf(int from, int to) {
            try (PointerScope scope = new PointerScope()) {
                ViewedCells viewed = views.of(batch, from, to, step);
                Dropouts dropouts = Dropouts.of(
                        SEED, step, viewed.keys(), 0, views.settings().dropout());
                Tensor encoded = model.encode(viewed.sequences(), dropouts);
                int cells = to - from;
                Tensor pooled = objectives.pooling() == Pooling.CLS
                        ? model.cls(encoded, viewed.sequences())
                        : model.mean(encoded, viewed.sequences());
                Tensor rows = Objectives.represent(model, pooled);
                Tensor logFactor = learned("contrast.log_factor", Math.log(scale.factor()));
                Tensor bias = learned("contrast.bias", scale.bias());
                Tensor loss = WholeLoss.of(
                                objectives.contrast().kind(),
                                rows.narrow(0, 0, cells),
                                rows.narrow(0, cells, cells),
                                logFactor,
                                bias,
                                objectives.contrast().exclude().contains(Contrast.Exclusion.SOURCES)
                                        ? Arrays.copyOfRange(batch.source(), from, to)
                                        : null,
                                alike(from, to))
                        .mul(new Scalar(objectives.contrastive()));
                if (objectives.masked() > 0) {
                    Tensor hidden = encoded.index_select(0, torch.tensor(viewed.maskedRows()));
                    MaskedExpression.Sum sum = MaskedExpression.of(model, hidden, viewed.maskedTokens());
                    loss = loss.add(sum.loss().mul(new Scalar(objectives.masked() / viewed.maskedTokens().length)));
                }
                int labelled = ViewSettings.VIEWS * NormalVersusCancer.labelled(batch, from, to);
                if (objectives.disease() > 0 && labelled > 0) {
                    Tensor cls = model.cls(encoded, viewed.sequences());
                    NormalVersusCancer.Sum sum = NormalVersusCancer.of(model, cls, batch, from, to);
                    loss = loss.add(sum.loss().mul(new Scalar(objectives.disease() / labelled)));
                }
                loss.backward();
                return loss.item_double();
            }
        }

        /** A number of the scale: the parameter itself where it is learned. */
        private Tensor learned(String name, double value) {
            Tensor parameter = scale.trainable().get(name);
            Tensor fixed = TensorArrays.of(new double[] {value}, 1);
            return parameter != null ? parameter : fixed.to(model.precision().stored());
        }

        /** Groups of cells that are not told from each other. */
        private int[][] alike(int from, int to) {
            return objectives.contrast().exclude().stream()
                    .filter(why -> why != Contrast.Exclusion.SOURCES)
                    .map(why -> why == Contrast.Exclusion.LABEL
                            ? Arrays.stream(batch.label())
                                    .map(i -> i == 0 ? -1 : i)
                                    .toArray()
                            : NearDuplicates.groups(batch))
                    .map(groups -> Arrays.copyOfRange(groups, from, to))
                    .toArray(int[][]::new);
        }

        /** All that is learned. */
        Map<String, Tensor> parameters() {
            Map<String, Tensor> all = new LinkedHashMap<>(model.trainable());
            all.putAll(scale.trainable());
            return all;
        }

        void clearGradients() {
            for (Tensor parameter : parameters().values()) {
                try (PointerScope scope = new PointerScope()) {
                    if (parameter.grad().defined()) {
                        parameter.grad().zero_();
                    }
                }
            }
        }

        double[] gradient() {
            return joined(parameter -> parameter.grad().defined()
                    ? TensorArrays.doubles(parameter.grad())
                    : new double[(int) parameter.numel()]);
        }

        double[] weights() {
            return joined(parameter -> TensorArrays.doubles(parameter.detach()));
        }

        private double[] joined(Function<Tensor, double[]> numbers) {
            return parameters().values().stream()
                    .flatMapToDouble(parameter -> {
                        try (PointerScope scope = new PointerScope()) {
                            return Arrays.stream(numbers.apply(parameter));
                        }
                    })
                    .toArray();
        }

        @Override
        public void close() {
            scale.close();
            model.close();
        }

        @Override
        public String toString() {
            return "seed " + SEED + " trial " + trial + ", " + batch.cells() + " cells";
        }
    }
}
