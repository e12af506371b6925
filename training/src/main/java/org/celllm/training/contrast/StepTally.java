package org.celllm.training.contrast;

import java.util.Arrays;
import org.celllm.data.cells.CellBatch;
import org.celllm.training.objective.NormalVersusCancer;
import org.celllm.training.objective.Objectives;
import org.celllm.training.views.ViewSettings;
import org.celllm.training.views.ViewedCells;

/** Adds up what the chunks of one step report. */
final class StepTally {
    private final int cells;
    private final int chunks;
    private final long labelledViews;
    private long positions;
    private long maskedPositions;
    private long[] tokens = new long[8];
    private double masked;
    private long maskedRight;
    private double disease;
    private long diseaseRight;
    private double contrastive = Double.NaN;
    private double retrieved = Double.NaN;

    StepTally(CellBatch batch, int chunks) {
        this.cells = batch.cells();
        this.chunks = chunks;
        this.labelledViews = (long) ViewSettings.VIEWS * NormalVersusCancer.labelled(batch, 0, batch.cells());
    }

    /** Masked positions of the whole batch, once every chunk was counted. */
    long maskedPositions() {
        return maskedPositions;
    }

    /** Views of cells of known disease in the whole batch. */
    long labelledViews() {
        return labelledViews;
    }

    void count(ViewedCells viewed) {
        positions += viewed.positions();
        maskedPositions += viewed.maskedTokens().length;
        for (long token : viewed.maskedTokens()) {
            if (token >= tokens.length) {
                tokens = Arrays.copyOf(tokens, (int) token + 1);
            }
            tokens[(int) token]++;
        }
    }

    void add(ChunkForward.Output output) {
        if (output.masked() != null) {
            masked += output.masked().loss().item_double();
            maskedRight += output.masked().right();
        }
        if (output.disease() != null) {
            disease += output.disease().loss().item_double();
            diseaseRight += output.disease().right();
        }
    }

    void contrastive(double loss, double share) {
        contrastive = loss;
        retrieved = share;
    }

    StepResult result(Objectives objectives, int rerun) {
        boolean guessed = objectives.masked() > 0 && maskedPositions > 0;
        boolean told = objectives.disease() > 0 && labelledViews > 0;
        double meanMasked = guessed ? masked / maskedPositions : Double.NaN;
        double meanDisease = told ? disease / labelledViews : Double.NaN;
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
                guessed ? (double) maskedRight / maskedPositions : Double.NaN,
                guessed ? (double) Arrays.stream(tokens).max().orElse(0) / maskedPositions : Double.NaN,
                meanDisease,
                told ? (double) diseaseRight / labelledViews : Double.NaN,
                contrastive,
                retrieved,
                cells,
                positions,
                chunks,
                rerun);
    }
}
