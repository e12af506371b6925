package org.celllm.tasks.sensitivity;

import java.util.ArrayList;
import java.util.List;
import org.celllm.tasks.evaluate.AnnotationProtocol;
import org.celllm.tasks.evaluate.Split;
import org.celllm.tasks.evaluate.Splits;
import org.celllm.tasks.evaluate.Trial;
import org.celllm.tasks.evaluate.TwoFiles;
import org.celllm.tasks.labels.CellLabels;
import org.jspecify.annotations.Nullable;

/**
 * How many of the labels a method may see: so many cells a class, or a share of each class. The cells are drawn; all
 * others with a label are tested on.
 *
 * @param perClass cells a class, at least 1; {@code null} for a share
 * @param share between 0 and 1; {@code null} for cells
 */
public record LabelBudget(
        @Nullable Integer perClass, @Nullable Double share) {
    public LabelBudget {
        if ((perClass == null) == (share == null)) {
            throw new IllegalArgumentException("cells a class or a share, one of both");
        }
        if (perClass != null && perClass < 1) {
            throw new IllegalArgumentException(perClass + " labelled cells a class");
        }
        if (share != null && !(share > 0 && share < 1)) {
            throw new IllegalArgumentException("a share of " + share);
        }
    }

    /** So many cells a class. */
    public static LabelBudget cells(int perClass) {
        return new LabelBudget(perClass, null);
    }

    /** A share of each class, at least one cell. */
    public static LabelBudget share(double share) {
        return new LabelBudget(null, share);
    }

    /** In words: {@code "5 cells a class"}. */
    public String description() {
        return perClass != null
                ? perClass + (perClass == 1 ? " cell a class" : " cells a class")
                : plain(100 * (share == null ? 0 : share)) + "% of the labels";
    }

    /**
     * One draw.
     *
     * @throws IllegalArgumentException when a class has not more cells than are asked for: none would be left to test
     */
    public Split draw(CellLabels labels, long seed, int draw) {
        int[] counts = labels.counts();
        for (int c = 0; c < counts.length; c++) {
            int wanted = perClass == null ? 1 : perClass;
            if (counts[c] <= wanted) {
                throw new IllegalArgumentException("asks for " + wanted + " cells a class, but only " + counts[c]
                        + " are " + labels.names().get(c) + " and one at least has to be left to test");
            }
        }
        if (perClass != null) {
            return Splits.fewShot(labels.codes(), labels.classes(), perClass, seed, draw);
        }
        double held = 1 - (share == null ? 0 : share);
        Split split = Splits.holdOut(
                labels.codes(), labels.classes(), held, org.celllm.data.random.KeyedRandom.key(seed, draw));
        return new Split("seed " + seed + ", draw " + draw + ", " + description(), split.train(), split.test());
    }

    /** Draws, each a trial. */
    public AnnotationProtocol protocol(CellLabels labels, int draws, long seed) {
        List<Trial> trials = new ArrayList<>();
        for (int draw = 0; draw < draws; draw++) {
            trials.add(new Trial("draw " + draw, draw, List.of(draw(labels, seed, draw))));
        }
        return new AnnotationProtocol(description() + " × " + draws + " draws", trials);
    }

    /** Draws of the first file's labels, each tested on the second. */
    public AnnotationProtocol protocol(TwoFiles files, int draws, long seed) {
        CellLabels own = files.own();
        return files.draws(description(), draws, draw -> draw(own, seed, draw));
    }

    private static String plain(double percent) {
        return percent == Math.rint(percent) ? String.valueOf(Math.round(percent)) : String.valueOf((float) percent);
    }
}
