package org.celllm.training.contrast;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Consumer;
import org.bytedeco.javacpp.PointerScope;
import org.bytedeco.pytorch.NoGradGuard;
import org.bytedeco.pytorch.Scalar;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.TensorOptions;
import org.bytedeco.pytorch.global.torch;
import org.celllm.data.cells.CellBatch;
import org.celllm.network.CellLanguageModel;
import org.celllm.network.runtime.Native;
import org.celllm.network.runtime.Workers;
import org.celllm.training.contrast.ChunkPlan.Chunk;
import org.celllm.training.memory.FreedMemory;
import org.celllm.training.objective.Contrast;
import org.celllm.training.objective.ContrastiveLoss;
import org.celllm.training.objective.FalseNegatives;
import org.celllm.training.objective.Objectives;
import org.celllm.training.objective.PairScale;
import org.celllm.training.objective.Pairs;
import org.celllm.training.views.CellViews;
import org.jspecify.annotations.Nullable;

/**
 * The divide-and-conquer step: the gradient of all objectives over a batch of any size, in memory for a chunk a worker.
 *
 * <p>The contrastive loss couples every pair of cells in the batch, so plain accumulation over chunks would compute
 * something else. CellLM (arXiv 2306.04371, divide-and-conquer contrastive learning) divides it by the chain rule:
 * <ol>
 *   <li><b>Divide.</b> Every chunk runs without a graph; only the representations z, [2B, D], are kept.
 *   <li><b>Conquer.</b> The contrastive loss and g = ∂loss/∂z come from the representations alone.
 *   <li><b>Back-propagate.</b> Every chunk runs again <em>with the same randomness</em>, and (z · g) plus the chunk's
 *       share of the objectives that are sums over cells is differentiated in one backward pass.
 * </ol>
 * Since ∂(z · g)/∂θ with g held fixed is the chain rule, the accumulated gradient is that of the undivided batch, for
 * every division. All randomness is keyed on the cell's place in the batch, never on its chunk. Chunks whose graph
 * fits in memory keep it and skip the second run ({@link ChunkPlan#kept()}).
 *
 * <p>Workers take chunks in turn, each with a replica of the model that collects gradients of its own; these are added
 * up in the order of the workers, so a plan decides every bit of the result.
 *
 * <p>Not thread safe: it writes the gradients of the model's parameters.
 */
public final class DivideAndConquer implements AutoCloseable {
    private final CellLanguageModel model;
    private final CellViews views;
    private final Objectives objectives;
    private final PairScale scale;
    private final Workers workers;
    private final FreedMemory freed = new FreedMemory();
    private final List<CellLanguageModel> replicas = new ArrayList<>();
    private final List<ChunkForward> forwards = new ArrayList<>();

    /**
     * @param model whose parameters receive the gradient
     * @param views how cells are seen
     * @param objectives what is minimised
     * @param scale of the contrastive objective, whose learned numbers receive their gradient; it stays the caller's
     * @param seed the run's seed, for the dropout of the encoder
     * @param workers who compute; they stay the caller's
     */
    public DivideAndConquer(
            CellLanguageModel model,
            CellViews views,
            Objectives objectives,
            PairScale scale,
            long seed,
            Workers workers) {
        this.model = model;
        this.views = views;
        this.objectives = objectives;
        this.scale = scale;
        this.workers = workers;
        forwards.add(new ChunkForward(model, views, objectives, seed));
        for (int worker = 1; worker < workers.count(); worker++) {
            CellLanguageModel replica = model.replica();
            replicas.add(replica);
            forwards.add(new ChunkForward(replica, views, objectives, seed));
        }
    }

    /** What the step may hold between chunks: tell it what the chunks at work need. */
    public FreedMemory freed() {
        return freed;
    }

    /**
     * Adds the gradient of the batch's loss to the gradients of the model's trainable parameters.
     *
     * @param batch the cells
     * @param step the optimiser step, which keys the randomness
     * @param plan how to divide
     * @throws ArithmeticException when the loss is not a finite number; the gradients are then not to be used
     */
    public StepResult step(CellBatch batch, long step, ChunkPlan plan) {
        return step(batch, step, plan, step, gradient -> {});
    }

    /**
     * As {@link #step(CellBatch, long, ChunkPlan)}, with what is there to break it.
     *
     * @param replayed whose step's randomness the second pass takes
     * @param tamper sees the weighted gradient of the representations, [2B, D], between the passes
     */
    StepResult step(CellBatch batch, long step, ChunkPlan plan, long replayed, Consumer<Tensor> tamper) {
        List<Chunk> chunks = plan.chunks(batch, views);
        int active = Math.min(plan.workers(), workers.count());
        StepTally tally = new StepTally(batch, chunks.size());
        int count = chunks.size();
        // Without the contrastive objective nothing is run twice, so no graph needs to wait.
        int rerun = objectives.contrastive() > 0 ? plan.rerun(count, active) : count;
        ChunkForward.@Nullable Output[] kept = new ChunkForward.Output[chunks.size()];
        try (PointerScope scope = new PointerScope()) {
            Tensor gradient = null;
            if (objectives.contrastive() > 0) {
                Tensor representations = representations(batch);
                workers.run(active, chunks.size(), (worker, i) -> {
                    if (i >= rerun) {
                        kept[i] = keep(worker, batch, chunks.get(i), step, representations, tally, i);
                    } else {
                        divide(worker, batch, chunks.get(i), step, representations, tally, i);
                        freed.check();
                    }
                });
                gradient = conquer(representations, batch, tally, true);
                tamper.accept(gradient);
            } else {
                workers.run(
                        active,
                        chunks.size(),
                        (worker, i) -> tally.count(
                                i,
                                views.of(
                                        batch,
                                        chunks.get(i).from(),
                                        chunks.get(i).to(),
                                        step)));
            }
            Tensor pull = gradient;
            AtomicInteger waiting = new AtomicInteger(count - rerun);
            workers.run(active, count, (worker, turn) -> {
                // First the chunks whose graphs wait: they leave room for the others.
                int i = (turn + rerun) % count;
                backPropagate(worker, batch, chunks.get(i), kept[i], replayed, pull, tally, i);
                kept[i] = free(kept[i]);
                if (i >= rerun && waiting.decrementAndGet() == 0) {
                    freed.waitedFor();
                }
                freed.check();
            });
            replicas.forEach(model::takeGradients);
        } finally {
            for (ChunkForward.Output output : kept) {
                free(output);
            }
        }
        return tally.result(objectives, objectives.contrastive() > 0 ? rerun : 0);
    }

    /**
     * The losses of a batch without any gradient: for cells that are not trained on. The views' genes are hidden and
     * masked as in training, the encoder's dropout is off.
     */
    public StepResult evaluate(CellBatch batch, long step, ChunkPlan plan) {
        List<Chunk> chunks = plan.chunks(batch, views);
        int active = Math.min(plan.workers(), workers.count());
        StepTally tally = new StepTally(batch, chunks.size());
        try (PointerScope scope = new PointerScope()) {
            Tensor representations = representations(batch);
            workers.run(
                    active,
                    chunks.size(),
                    (worker, i) -> Native.runWithoutGradient(() -> {
                        ChunkForward.Output output = forwards.get(worker).runPlain(batch, chunks.get(i), step);
                        tally.count(i, output.viewed());
                        tally.add(i, output);
                        place(output.representations(), representations, batch, chunks.get(i));
                    }));
            if (objectives.contrastive() > 0) {
                conquer(representations, batch, tally, false);
            }
        }
        return tally.result(objectives, 0);
    }

    /** Room for the representations of all views, [2B, D], first views in rows 0 … B − 1. */
    private Tensor representations(CellBatch batch) {
        long width = model.options().projection() > 0
                ? model.options().projection()
                : model.config().dim();
        return torch.zeros(
                new long[] {2L * batch.cells(), width},
                new TensorOptions(model.precision().stored()));
    }

    /** Pass 1 of one chunk: its representations alone. */
    private void divide(
            int worker, CellBatch batch, Chunk chunk, long step, Tensor representations, StepTally tally, int i) {
        Native.runWithoutGradient(() ->
                place(forwards.get(worker).represent(batch, chunk, step, tally, i), representations, batch, chunk));
    }

    /** Pass 1 of a chunk that keeps its graph for pass 2. */
    @SuppressWarnings("try")
    private ChunkForward.Output keep(
            int worker, CellBatch batch, Chunk chunk, long step, Tensor representations, StepTally tally, int i) {
        try (PointerScope scope = new PointerScope()) {
            ChunkForward.Output output = forwards.get(worker).run(batch, chunk, step);
            tally.count(i, output.viewed());
            place(output.representations(), representations, batch, chunk);
            return output.keep();
        }
    }

    /** Copies a chunk's rows to their places among all. */
    @SuppressWarnings("try")
    private static void place(Tensor rows, Tensor all, CellBatch batch, Chunk chunk) {
        try (NoGradGuard noGraph = new NoGradGuard()) {
            int cells = chunk.cells();
            all.narrow(0, chunk.from(), cells).copy_(rows.narrow(0, 0, cells));
            all.narrow(0, (long) batch.cells() + chunk.from(), cells).copy_(rows.narrow(0, cells, cells));
        }
    }

    /**
     * The contrastive loss and its gradient, [2B, D], weighted; it takes the place of the representations.
     *
     * @param learn whether the scale receives its gradient
     */
    private Tensor conquer(Tensor representations, CellBatch batch, StepTally tally, boolean learn) {
        int cells = batch.cells();
        Tensor first = representations.narrow(0, 0, cells);
        Tensor second = representations.narrow(0, cells, cells);
        double weight = objectives.contrastive();
        Contrast contrast = objectives.contrast();
        try (FalseNegatives ignored = FalseNegatives.of(batch, contrast.exclude());
                ContrastiveLoss.Result result = contrast.kind()
                        .loss()
                        .lossAndGradient(new Pairs(first, second, scale.factor(), scale.bias(), ignored), workers)) {
            tally.contrastive(result.loss(), result.retrieved(), 1 / scale.factor());
            first.copy_(result.first());
            second.copy_(result.second());
            if (learn) {
                scale.addGradient(weight * result.logFactor(), weight * result.bias());
            }
        }
        return representations.mul_(new Scalar(weight));
    }

    /** Pass 2 of one chunk: one backward for all objectives. */
    @SuppressWarnings("try")
    private void backPropagate(
            int worker,
            CellBatch batch,
            Chunk chunk,
            ChunkForward.@Nullable Output kept,
            long step,
            @Nullable Tensor gradient,
            StepTally tally,
            int i) {
        try (PointerScope scope = new PointerScope()) {
            ChunkForward.Output output =
                    kept != null ? kept : forwards.get(worker).run(batch, chunk, step);
            tally.add(i, output);
            Tensor surrogate = output.weighted(objectives, tally);
            if (gradient != null) {
                Tensor coupled = coupled(output.representations(), gradient, chunk, batch.cells());
                surrogate = surrogate == null ? coupled : surrogate.add(coupled);
            }
            if (surrogate != null) {
                surrogate.backward();
                output.tape().backward();
            }
            output.tape().close();
        }
    }

    private static ChunkForward.@Nullable Output free(ChunkForward.@Nullable Output kept) {
        if (kept != null) {
            kept.free();
        }
        return null;
    }

    /** z · g over a chunk's rows. */
    private static Tensor coupled(Tensor representations, Tensor gradient, Chunk chunk, int cells) {
        Tensor first = representations.narrow(0, 0, chunk.cells());
        Tensor second = representations.narrow(0, chunk.cells(), chunk.cells());
        return first.mul(gradient.narrow(0, chunk.from(), chunk.cells()))
                .sum()
                .add(second.mul(gradient.narrow(0, (long) cells + chunk.from(), chunk.cells()))
                        .sum());
    }

    /** Frees the replicas. */
    @Override
    public void close() {
        replicas.forEach(CellLanguageModel::close);
        replicas.clear();
    }
}
