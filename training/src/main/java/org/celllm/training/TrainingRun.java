package org.celllm.training;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.bytedeco.pytorch.Tensor;
import org.celllm.data.cells.CellBatch;
import org.celllm.network.CellLanguageModel;
import org.celllm.network.Dropouts;
import org.celllm.network.ModelOptions;
import org.celllm.network.NetworkConfig;
import org.celllm.network.runtime.GradientTape.Keeping;
import org.celllm.network.runtime.Precision;
import org.celllm.network.runtime.Workers;
import org.celllm.training.contrast.ChunkPlan;
import org.celllm.training.contrast.DivideAndConquer;
import org.celllm.training.contrast.StepResult;
import org.celllm.training.memory.ChunkPlanner;
import org.celllm.training.objective.PairScale;
import org.celllm.training.optimiser.AdamW;
import org.celllm.training.optimiser.LearningRateSchedule;
import org.celllm.training.views.CellViews;
import org.jspecify.annotations.Nullable;

/** The moving parts of a run: model, optimiser, divided step. Owns their native memory. */
final class TrainingRun implements AutoCloseable {
    final CellLanguageModel model;
    final AdamW optimiser;
    private final Workers workers;
    private final PretrainSettings settings;
    private final CellViews views;
    private final PairScale scale;
    private final DivideAndConquer divided;
    private final LearningRateSchedule schedule;

    /** Makes the model that a run begins with. */
    @FunctionalInterface
    interface FirstModel {
        CellLanguageModel create(ModelOptions options, long seed, Precision precision);

        /**
         * A model that knows nothing.
         *
         * @param geneTable [genes · dim] first embeddings of the genes, {@code null} for random ones
         */
        static FirstModel untrained(NetworkConfig network, float @Nullable [] geneTable) {
            return (options, seed, precision) -> CellLanguageModel.create(network, options, seed, precision, geneTable);
        }
    }

    TrainingRun(PretrainSettings settings, RunSettings run, NetworkConfig network, FirstModel first) {
        this.settings = settings;
        this.workers = new Workers(run.threads());
        this.model = first.create(settings.model(), settings.seed(), run.precision());
        this.scale = PairScale.of(settings.objectives().contrast(), settings.batch(), model.precision());
        Map<String, Tensor> trainable = new LinkedHashMap<>(model.trainable());
        trainable.putAll(scale.trainable());
        this.optimiser = new AdamW(
                trainable,
                new AdamW.Settings(
                        AdamW.Settings.DEFAULT.beta1(),
                        AdamW.Settings.DEFAULT.beta2(),
                        AdamW.Settings.DEFAULT.epsilon(),
                        settings.weightDecay()));
        this.views = new CellViews(settings.views(), network, settings.seed());
        this.divided = new DivideAndConquer(model, views, settings.objectives(), scale, settings.seed(), workers);
        this.schedule = new LearningRateSchedule(
                settings.learningRate(), Math.round(settings.warmup() * settings.steps()), settings.steps());
    }

    /** How many chunks can be computed at once. */
    int threads() {
        return workers.count();
    }

    /**
     * Measures what a position costs and divides the budget; the model is as before.
     *
     * @param batch typical cells
     * @param cells of the corpus to train on
     * @param budget resident bytes
     * @param notes for the plan
     */
    PretrainPlan plan(CellBatch batch, long cells, long budget, List<String> notes) {
        int projection = settings.model().projection();
        int width = projection > 0 ? projection : model.config().dim();
        ChunkPlanner.Planned planned = new ChunkPlanner(
                        divided, views, optimiser, model.config().dim())
                .plan(batch, settings.batch(), width, more(), workers.count(), budget);
        ChunkPlan plan = planned.plan();
        List<ChunkPlan.Chunk> chunks = plan.chunks(batch, views);
        if (chunks.size() <= plan.workers()) {
            // Each worker has one chunk at most: keeping its graph costs no more memory than running it again.
            plan = new ChunkPlan(plan.positions(), chunks.size(), plan.whole(), plan.workers());
        }
        long positions = 0;
        for (int cell = 0; cell < batch.cells(); cell++) {
            positions += views.positions(batch, cell);
        }
        int recomputed = (int)
                chunks.stream().filter(chunk -> chunk.keeping() == Keeping.READ).count();
        long most = (long) plan.workers() * plan.positions();
        double atWork = planned.bytesPerPosition() * Math.min(positions, most);
        long waiting = Math.max(0, Math.min(positions, (long) plan.kept() * plan.positions()) - most);
        double held = (recomputed > 0 ? Math.max(atWork, (double) planned.workingBytes()) : atWork)
                + planned.graphPerPosition() * waiting
                + planned.morePerPosition() * Math.min((double) positions, (double) plan.whole() * plan.positions());
        double passes = 1 + Math.max(0, chunks.size() - plan.kept()) / (3.0 * chunks.size());
        return new PretrainPlan(
                model.config(),
                model.config().parameters(),
                model.trainable().values().stream().mapToLong(Tensor::numel).sum(),
                cells,
                settings.batch(),
                settings.steps(),
                plan.positions(),
                chunks.size(),
                plan.kept(),
                plan.whole(),
                recomputed,
                plan.workers(),
                planned.bytesPerPosition(),
                planned.graphPerPosition(),
                planned.morePerPosition(),
                planned.residentBytes() + (long) held,
                budget,
                positions * planned.secondsPerPosition() * passes,
                List.of(),
                notes);
    }

    /** Bytes of a position that are worth their memory where there is enough. */
    private long more() {
        return settings.views().dropout() > 0 ? 0 : model.worthKeeping(Dropouts.NONE);
    }

    /** Says what a plan needs in a step, counted from 1, so that more than that is given back to the system. */
    void allow(PretrainPlan plan, long step) {
        ChunkPlan division = plan.division(step);
        // More graphs than were planned for at first fill what the budget leaves.
        long full = (long) (Division.FULL * plan.budget());
        long expected = division.kept() > plan.kept() ? full : plan.expectedBytes();
        // Where few graphs wait, the pages that they leave are hardly worth keeping for the next step.
        boolean many = 8L * division.kept() >= plan.chunks();
        double working = plan.bytesPerPosition() + (division.whole() > 0 ? plan.morePerPosition() : 0);
        divided.freed()
                .allow(
                        (long) (working * division.workers() * division.positions()),
                        many ? Math.min(expected, full) : 0,
                        full);
    }

    /**
     * What a step did.
     *
     * @param result its losses
     * @param learningRate it was taken with
     * @param gradientNorm before clipping
     */
    record Taken(StepResult result, double learningRate, double gradientNorm) {}

    /**
     * One optimiser step.
     *
     * @throws ArithmeticException when the loss or the gradient is not finite; the weights are then as before
     */
    Taken step(CellBatch batch, long step, ChunkPlan plan) {
        if (settings.redrawEvery() > 0 && step % settings.redrawEvery() == 0) {
            model.redrawFeatures(settings.seed(), step / settings.redrawEvery());
        }
        optimiser.zeroGradients();
        StepResult result = divided.step(batch, step, plan);
        double norm = optimiser.clip(settings.clip());
        if (!Double.isFinite(norm)) {
            throw new ArithmeticException("the gradient is not finite");
        }
        double learningRate = schedule.at(step);
        optimiser.step(learningRate);
        scale.bound();
        return new Taken(result, learningRate, norm);
    }

    /** Losses on cells that are not trained on, always seen in the same views. */
    StepResult validate(CellBatch cells, ChunkPlan plan) {
        return divided.evaluate(cells, -1, plan);
    }

    /** Everything that changes in training, by name. */
    Map<String, Tensor> state() {
        Map<String, Tensor> state = new LinkedHashMap<>();
        model.weights().forEach((name, tensor) -> state.put("model." + name, tensor));
        scale.trainable().forEach((name, tensor) -> state.put("model." + name, tensor));
        optimiser.state().forEach((name, tensor) -> state.put("optimiser." + name, tensor));
        return state;
    }

    @Override
    public void close() {
        optimiser.close();
        divided.close();
        scale.close();
        model.close();
        workers.close();
    }
}
