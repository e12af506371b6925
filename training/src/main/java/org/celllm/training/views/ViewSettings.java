package org.celllm.training.views;

import java.util.Map;

/**
 * How two views of a cell differ, and what is masked in them. Views decide what the contrastive objective can learn:
 * genes that are hidden leave the sequence, so hiding also saves work.
 *
 * @param hide share of a cell's expressed genes that a view leaves out, drawn anew for each view, in [0, 1)
 * @param thin the least share of a cell's counts that a view keeps, in (0, 1]: each view draws its share between this
 *     and 1 (evenly in the logarithm) and then each gene's counts binomially, so that two views of a cell differ in depth
 *     and depth is nothing to know it by; values that are not counts are left alone
 * @param mask share of a view's genes whose expression is to be guessed, in [0, 1); at least one gene of a cell
 * @param replaced share of the masked genes that carry the mask token; the others keep their own, in [0, 1]
 * @param dropout dropout rate in the encoder, the only difference between the published views, in [0, 1)
 */
public record ViewSettings(double hide, double thin, double mask, double replaced, double dropout) {
    /** How many views of each cell a step compares. */
    public static final int VIEWS = 2;

    /**
     * Masking as published (15%, of those 90% replaced), 65% of the genes hidden, counts thinned to a fifth at the least, no
     * dropout ({@code docs/experiments.md}).
     */
    public static final ViewSettings DEFAULT = new ViewSettings(0.65, 0.2, 0.15, 0.9, 0.0);

    private static final Map<String, String> RANGES = Map.of(
            "hide", "0 to less than 1",
            "thin", "more than 0 to 1",
            "mask", "0 to less than 1",
            "replaced", "0 to 1",
            "dropout", "0 to less than 1");

    public ViewSettings {
        require("hide", hide, hide >= 0 && hide < 1);
        require("thin", thin, thin > 0 && thin <= 1);
        require("mask", mask, mask >= 0 && mask < 1);
        require("replaced", replaced, replaced >= 0 && replaced <= 1);
        require("dropout", dropout, dropout >= 0 && dropout < 1);
    }

    /** The same views without dropout or masking, with nothing hidden: what the model sees when it is used. */
    public ViewSettings plain() {
        return new ViewSettings(0, 1, 0, replaced, 0);
    }

    /**
     * How many genes of a cell stand in one of its views before thinning, which can only lower it.
     *
     * @param expressed the cell's expressed genes
     * @param most the most that the network takes
     */
    public int kept(int expressed, int most) {
        int visible = expressed - (int) Math.round(hide * expressed);
        return Math.min(Math.max(visible, Math.min(expressed, 1)), most);
    }

    private static void require(String name, double value, boolean right) {
        if (!right) {
            throw new IllegalArgumentException(name + " is a share, " + RANGES.get(name) + ", not " + value);
        }
    }
}
