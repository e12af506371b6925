package org.celllm.training.contrast;

import org.bytedeco.pytorch.Scalar;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.global.torch;
import org.celllm.data.cells.CellBatch;
import org.celllm.network.CellLanguageModel;
import org.celllm.network.CellSequences;
import org.celllm.network.Dropouts;
import org.celllm.network.Pooling;
import org.celllm.network.RowSelection;
import org.celllm.network.runtime.GradientTape;
import org.celllm.network.runtime.Native;
import org.celllm.training.contrast.ChunkPlan.Chunk;
import org.celllm.training.objective.MaskedExpression;
import org.celllm.training.objective.NormalVersusCancer;
import org.celllm.training.objective.Objectives;
import org.celllm.training.views.CellViews;
import org.celllm.training.views.ViewedCells;
import org.jspecify.annotations.Nullable;

/** Runs the encoder over the views of one chunk, and what each objective needs of it. */
final class ChunkForward {
    private final CellLanguageModel model;
    private final CellViews views;
    private final Objectives objectives;
    private final long seed;

    ChunkForward(CellLanguageModel model, CellViews views, Objectives objectives, long seed) {
        this.model = model;
        this.views = views;
        this.objectives = objectives;
        this.seed = seed;
    }

    /**
     * What a chunk's run leaves for its backward pass.
     *
     * @param viewed what the encoder read
     * @param tape the way back through the encoder, once the objectives were differentiated
     * @param representations [views × cells, D] unit rows
     * @param masked sum over its masked positions, {@code null} when there are none or nobody asks
     * @param disease sum over its views of known disease, {@code null} likewise
     */
    record Output(
            ViewedCells viewed,
            GradientTape tape,
            Tensor representations,
            MaskedExpression.@Nullable Sum masked,
            NormalVersusCancer.@Nullable Sum disease) {
        /** Takes the tensors out of the open scope's care, until {@link #free}. */
        Output keep() {
            Native.keep(representations);
            if (masked != null) {
                Native.keep(masked.loss());
            }
            if (disease != null) {
                Native.keep(disease.loss());
            }
            return this;
        }

        /** The chunk's share of the objectives that are sums over cells, or {@code null} when it has none. */
        @Nullable
        Tensor weighted(Objectives objectives, StepTally tally) {
            Tensor sum = null;
            if (masked != null) {
                sum = masked.loss().mul(new Scalar(objectives.masked() / tally.maskedPositions()));
            }
            if (disease != null) {
                Tensor part = disease.loss().mul(new Scalar(objectives.disease() / tally.labelledViews()));
                sum = sum == null ? part : sum.add(part);
            }
            return sum;
        }

        /** Frees what {@link #keep} kept, and what the tape still holds. */
        void free() {
            tape.close();
            representations.close();
            if (masked != null) {
                masked.loss().close();
            }
            if (disease != null) {
                disease.loss().close();
            }
        }
    }

    /** Everything, with a graph when autograd is on. */
    Output run(CellBatch batch, Chunk chunk, long step) {
        ViewedCells viewed = views.of(batch, chunk.from(), chunk.to(), step);
        return run(batch, chunk, viewed, dropouts(viewed, step));
    }

    /** As {@link #run}, without dropout. */
    Output runPlain(CellBatch batch, Chunk chunk, long step) {
        return run(batch, chunk, views.of(batch, chunk.from(), chunk.to(), step), Dropouts.NONE);
    }

    private Output run(CellBatch batch, Chunk chunk, ViewedCells viewed, Dropouts dropouts) {
        GradientTape tape = new GradientTape(chunk.keeping());
        CellSequences sequences = viewed.sequences();
        long[] guessed = objectives.masked() > 0 ? viewed.maskedRows() : new long[0];
        Tensor pooled;
        Tensor cls;
        Tensor hidden;
        if (objectives.pooling() == Pooling.CLS) {
            RowSelection read = RowSelection.of(sequences, guessed);
            Tensor encoded = model.encode(sequences, read, dropouts, tape);
            cls = encoded.index_select(0, torch.tensor(read.cls()));
            pooled = cls;
            hidden = encoded.index_select(0, torch.tensor(read.places(guessed)));
        } else {
            Tensor encoded = model.encode(sequences, dropouts, tape);
            cls = model.cls(encoded, sequences);
            pooled = model.mean(encoded, sequences);
            hidden = encoded.index_select(0, torch.tensor(guessed));
        }
        MaskedExpression.Sum masked =
                guessed.length > 0 ? MaskedExpression.of(model, hidden, viewed.maskedTokens()) : null;
        NormalVersusCancer.Sum disease =
                objectives.disease() > 0 ? NormalVersusCancer.of(model, cls, batch, chunk.from(), chunk.to()) : null;
        return new Output(viewed, tape, Objectives.represent(model, pooled), masked, disease);
    }

    /** Only what the contrastive objective compares. */
    Tensor represent(CellBatch batch, Chunk chunk, long step, StepTally tally, int number) {
        ViewedCells viewed = views.of(batch, chunk.from(), chunk.to(), step);
        tally.count(number, viewed);
        return objectives.represent(model, viewed.sequences(), dropouts(viewed, step));
    }

    private Dropouts dropouts(ViewedCells viewed, long step) {
        double rate = views.settings().dropout();
        return rate == 0 ? Dropouts.NONE : Dropouts.of(seed, step, viewed.keys(), 0, rate);
    }
}
