package org.celllm.training.contrast;

import java.util.ArrayList;
import java.util.List;
import org.bytedeco.javacpp.PointerScope;
import org.bytedeco.pytorch.NoGradGuard;
import org.bytedeco.pytorch.Scalar;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.TensorOptions;
import org.bytedeco.pytorch.global.torch;
import org.celllm.data.cells.CellBatch;
import org.celllm.network.CellLanguageModel;
import org.celllm.training.contrast.ChunkPlan.Chunk;
import org.celllm.training.objective.InfoNce;
import org.celllm.training.objective.Objectives;
import org.celllm.training.views.CellViews;
import org.jspecify.annotations.Nullable;

/**
 * The divide-and-conquer step: the gradient of all objectives over a batch of any size, in memory for one chunk.
 *
 * <p>The contrastive loss couples every pair of cells in the batch, so plain accumulation over chunks would compute
 * something else. CellLM (arXiv 2306.04371, divide-and-conquer contrastive learning) divides it by the chain rule:
 * <ol>
 *   <li><b>Divide.</b> Every chunk runs without a graph; only the representations z, [B, D], are kept.
 *   <li><b>Conquer.</b> The contrastive loss and g = ∂loss/∂z come from the representations alone.
 *   <li><b>Back-propagate.</b> Every chunk runs again <em>with the same randomness</em>, and (z · g) plus the chunk's
 *       share of the objectives that are sums over cells is differentiated in one backward pass.
 * </ol>
 * Since ∂(z · g)/∂θ with g held fixed is the chain rule, the accumulated gradient is that of the undivided batch, for
 * every division. All randomness is keyed on the cell's place in the batch, never on its chunk. Chunks whose graph
 * fits in memory keep it and skip the second run ({@link ChunkPlan#kept()}).
 *
 * <p>Not thread safe: it writes the gradients of the model's parameters.
 */
public final class DivideAndConquer {
    private final CellViews views;
    private final Objectives objectives;
    private final ChunkForward forward;

    /**
     * @param model whose parameters receive the gradient
     * @param views how cells are seen
     * @param objectives what is minimised
     * @param seed the run's seed, for the dropout of the encoder
     */
    public DivideAndConquer(CellLanguageModel model, CellViews views, Objectives objectives, long seed) {
        this.views = views;
        this.objectives = objectives;
        this.forward = new ChunkForward(model, views, objectives, seed);
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
        return step(batch, step, step, plan);
    }

    /** As {@link #step(CellBatch, long, ChunkPlan)}; a replay of another step's randomness is there to break it. */
    StepResult step(CellBatch batch, long step, long replayed, ChunkPlan plan) {
        List<Chunk> chunks = plan.chunks(batch, views);
        StepTally tally = new StepTally(batch, chunks.size());
        try (PointerScope scope = new PointerScope()) {
            // Without the contrastive objective nothing is run twice, so no graph needs to wait.
            int firstKept = objectives.contrastive() > 0 ? Math.max(0, chunks.size() - plan.kept()) : chunks.size();
            List<ChunkForward.Output> kept = new ArrayList<>();
            Tensor representations = divide(batch, step, chunks, firstKept, kept, tally, scope);
            Tensor gradient = representations == null ? null : conquer(representations, batch.cells(), tally);
            for (int i = chunks.size() - 1; i >= 0; i--) {
                try (PointerScope chunkScope = new PointerScope()) {
                    ChunkForward.Output output =
                            i >= firstKept ? kept.get(i - firstKept) : forward.run(batch, chunks.get(i), replayed);
                    tally.add(output);
                    backward(output, chunks.get(i), batch.cells(), gradient, tally);
                    output.close();
                }
            }
        }
        int rerun = objectives.contrastive() > 0 ? Math.max(0, chunks.size() - plan.kept()) : 0;
        return tally.result(objectives, rerun);
    }

    /**
     * The losses of a batch without any gradient: for cells that are not trained on. The views' genes are hidden and
     * masked as in training, the encoder's dropout is off.
     */
    public StepResult evaluate(CellBatch batch, long step, ChunkPlan plan) {
        List<Chunk> chunks = plan.chunks(batch, views);
        StepTally tally = new StepTally(batch, chunks.size());
        try (PointerScope scope = new PointerScope();
                NoGradGuard noGraph = new NoGradGuard()) {
            Tensor all = null;
            for (Chunk chunk : chunks) {
                try (PointerScope chunkScope = new PointerScope()) {
                    ChunkForward.Output output = forward.runPlain(batch, chunk, step);
                    tally.count(output.viewed());
                    tally.add(output);
                    all = gather(all, output.representations(), batch, chunk, scope);
                    output.close();
                }
            }
            if (all != null && objectives.contrastive() > 0) {
                conquer(all, batch.cells(), tally);
            }
        }
        return tally.result(objectives, 0);
    }

    /** Pass 1: the representations of all views, first views in rows 0 … B − 1; {@code null} when nobody asks. */
    private @Nullable Tensor divide(
            CellBatch batch,
            long step,
            List<Chunk> chunks,
            int firstKept,
            List<ChunkForward.Output> kept,
            StepTally tally,
            PointerScope scope) {
        Tensor all = null;
        for (int i = 0; i < chunks.size(); i++) {
            Chunk chunk = chunks.get(i);
            try (PointerScope chunkScope = new PointerScope()) {
                Tensor representations;
                if (i >= firstKept) {
                    ChunkForward.Output output = forward.run(batch, chunk, step);
                    output.attach(scope);
                    kept.add(output);
                    tally.count(output.viewed());
                    representations = output.representations();
                } else if (objectives.contrastive() > 0) {
                    try (NoGradGuard noGraph = new NoGradGuard()) {
                        representations = forward.represent(batch, chunk, step, tally);
                    }
                } else {
                    tally.count(views.of(batch, chunk.from(), chunk.to(), step));
                    continue;
                }
                all = gather(all, representations, batch, chunk, scope);
            }
        }
        return all;
    }

    /** Copies a chunk's rows to their places among all, [2B, D], which is made at the first chunk. */
    private static Tensor gather(
            @Nullable Tensor all, Tensor representations, CellBatch batch, Chunk chunk, PointerScope scope) {
        try (NoGradGuard noGraph = new NoGradGuard()) {
            Tensor rows = all;
            if (rows == null) {
                long[] shape = {2L * batch.cells(), representations.size(1)};
                rows = torch.zeros(shape, new TensorOptions(representations.scalar_type()));
                scope.attach(rows);
            }
            int cells = chunk.cells();
            rows.narrow(0, chunk.from(), cells).copy_(representations.narrow(0, 0, cells));
            rows.narrow(0, (long) batch.cells() + chunk.from(), cells).copy_(representations.narrow(0, cells, cells));
            return rows;
        }
    }

    /** The contrastive loss and its gradient, [2B, D], weighted. */
    private Tensor conquer(Tensor representations, int cells, StepTally tally) {
        Tensor first = representations.narrow(0, 0, cells);
        Tensor second = representations.narrow(0, cells, cells);
        InfoNce.Result result = new InfoNce(objectives.temperature()).lossAndGradient(first, second);
        tally.contrastive(result.loss(), result.retrieved());
        representations.narrow(0, 0, cells).copy_(result.first());
        representations.narrow(0, cells, cells).copy_(result.second());
        result.close();
        return representations.mul_(new Scalar(objectives.contrastive()));
    }

    /** Pass 2 of one chunk: one backward for all objectives. */
    private void backward(
            ChunkForward.Output output, Chunk chunk, int cells, @Nullable Tensor gradient, StepTally tally) {
        Tensor surrogate = output.weighted(objectives, tally);
        if (gradient != null) {
            Tensor representations = output.representations();
            Tensor first = gradient.narrow(0, chunk.from(), chunk.cells());
            Tensor second = gradient.narrow(0, (long) cells + chunk.from(), chunk.cells());
            Tensor coupled = representations
                    .narrow(0, 0, chunk.cells())
                    .mul(first)
                    .sum()
                    .add(representations
                            .narrow(0, chunk.cells(), chunk.cells())
                            .mul(second)
                            .sum());
            surrogate = surrogate == null ? coupled : surrogate.add(coupled);
        }
        if (surrogate != null) {
            surrogate.backward();
            output.tape().backward();
        }
    }
}
