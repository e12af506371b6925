package org.celllm.training.contrast;

import java.util.Arrays;
import java.util.function.ToDoubleFunction;
import org.celllm.data.cells.CellBatch;
import org.celllm.training.objective.NormalVersusCancer;
import org.celllm.training.objective.Objectives;
import org.celllm.training.views.ViewSettings;
import org.celllm.training.views.ViewedCells;

/**
 * Adds up what the chunks of one step report, in the order of the chunks whoever reports first. Each chunk's place is
 * written by one worker; sums are asked for when all have ended.
 */
final class StepTally {
    private final int cells;
    private final long labelledViews;
    private final Seen[] seen;
    private final Losses[] losses;
    private double contrastive = Double.NaN;
    private double retrieved = Double.NaN;
    private double temperature = Double.NaN;

    /** What the views of a chunk hold. */
    private record Seen(long positions, long[] maskedTokens) {}

    /** What a chunk's objectives came to. */
    private record Losses(double masked, long maskedRight, double disease, long diseaseRight) {}

    StepTally(CellBatch batch, int chunks) {
        this.cells = batch.cells();
        this.labelledViews = (long) ViewSettings.VIEWS * NormalVersusCancer.labelled(batch, 0, batch.cells());
        this.seen = new Seen[chunks];
        this.losses = new Losses[chunks];
    }

    /** Masked positions of the whole batch, once every chunk was counted. */
    long maskedPositions() {
        return Arrays.stream(tokens()).sum();
    }

    /** Views of cells of known disease in the whole batch. */
    long labelledViews() {
        return labelledViews;
    }

    void count(int chunk, ViewedCells viewed) {
        long[] tokens = new long[8];
        for (long token : viewed.maskedTokens()) {
            if (token >= tokens.length) {
                tokens = Arrays.copyOf(tokens, (int) token + 1);
            }
            tokens[(int) token]++;
        }
        seen[chunk] = new Seen(viewed.positions(), tokens);
    }

    void add(int chunk, ChunkForward.Output output) {
        losses[chunk] = new Losses(
                output.masked() == null ? 0 : output.masked().loss().item_double(),
                output.masked() == null ? 0 : output.masked().right(),
                output.disease() == null ? 0 : output.disease().loss().item_double(),
                output.disease() == null ? 0 : output.disease().right());
    }

    /** How often each token stands among the masked ones of the batch. */
    private long[] tokens() {
        long[] sum = new long[0];
        for (Seen chunk : seen) {
            sum = sum.length < chunk.maskedTokens().length ? Arrays.copyOf(sum, chunk.maskedTokens().length) : sum;
            for (int token = 0; token < chunk.maskedTokens().length; token++) {
                sum[token] += chunk.maskedTokens()[token];
            }
        }
        return sum;
    }

    void contrastive(double loss, double share, double at) {
        contrastive = loss;
        retrieved = share;
        temperature = at;
    }

    StepResult result(Objectives objectives, int rerun) {
        long[] tokens = tokens();
        long maskedPositions = Arrays.stream(tokens).sum();
        boolean guessed = objectives.masked() > 0 && maskedPositions > 0;
        boolean told = objectives.disease() > 0 && labelledViews > 0;
        double meanMasked = guessed ? sum(Losses::masked) / maskedPositions : Double.NaN;
        double meanDisease = told ? sum(Losses::disease) / labelledViews : Double.NaN;
        double loss = (guessed ? objectives.masked() * meanMasked : 0)
                + (told ? objectives.disease() * meanDisease : 0)
                + (objectives.contrastive() > 0 ? objectives.contrastive() * contrastive : 0);
        if (!Double.isFinite(loss)) {
            throw new ArithmeticException("the loss is " + loss + " (masked " + meanMasked + ", disease " + meanDisease
                    + ", contrastive " + contrastive + ")");
        }
        return new StepResult(
                loss,
                meanMasked,
                guessed ? sum(Losses::maskedRight) / maskedPositions : Double.NaN,
                guessed ? (double) Arrays.stream(tokens).max().orElse(0) / maskedPositions : Double.NaN,
                meanDisease,
                told ? sum(Losses::diseaseRight) / labelledViews : Double.NaN,
                contrastive,
                retrieved,
                temperature,
                cells,
                Arrays.stream(seen).mapToLong(Seen::positions).sum(),
                seen.length,
                rerun);
    }

    private double sum(ToDoubleFunction<Losses> figure) {
        return Arrays.stream(losses).mapToDouble(figure).sum();
    }
}
