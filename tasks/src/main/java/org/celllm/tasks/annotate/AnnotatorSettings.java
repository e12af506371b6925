package org.celllm.tasks.annotate;

import org.celllm.tasks.embed.EmbedSettings;

/**
 * How an annotator is fitted.
 *
 * @param embed how cells are embedded
 * @param head how the head is put together
 * @param heldOut share of the labelled cells that scores are measured on, between 0 and 1
 * @param seeds stratified splits that scores are measured on, at least 1
 * @param mostCells labelled cells used at most, a stratified sample of them beyond that: what bounds memory
 */
public record AnnotatorSettings(EmbedSettings embed, HeadSettings head, double heldOut, int seeds, int mostCells) {
    public AnnotatorSettings {
        if (!(heldOut > 0 && heldOut < 1) || seeds < 1 || mostCells < 2) {
            throw new IllegalArgumentException("held out " + heldOut + ", splits " + seeds + ", cells " + mostCells
                    + "; expected a share between 0 and 1, 1 split and 2 cells at least");
        }
    }

    /** 80/20 splits of five seeds, at most 50,000 cells. */
    public static AnnotatorSettings usual(long seed) {
        return new AnnotatorSettings(EmbedSettings.usual(), HeadSettings.usual(seed), 0.2, 5, 50_000);
    }

    /** The same with other settings of the encoder. */
    public AnnotatorSettings with(EmbedSettings other) {
        return new AnnotatorSettings(other, head, heldOut, seeds, mostCells);
    }

    /** The same with another number of splits. */
    public AnnotatorSettings withSeeds(int other) {
        return new AnnotatorSettings(embed, head, heldOut, other, mostCells);
    }
}
