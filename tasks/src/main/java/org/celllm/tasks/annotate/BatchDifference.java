package org.celllm.tasks.annotate;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import org.celllm.data.genes.GeneMapping;
import org.celllm.tasks.embed.CellDepth;
import org.jspecify.annotations.Nullable;

/**
 * How far the cells of a file are from those that an annotator was fitted on, as far as can be told without labels.
 *
 * @param genes that the annotator reads
 * @param missing of them that the file does not have
 * @param here the depth of the file's cells
 * @param values the word for the state of their values
 * @param trained what the training cells were like, {@code null} where the annotator does not say
 * @param unassigned share of the cells that got no label
 * @param blank cells that express none of the genes that the annotator reads
 */
public record BatchDifference(
        int genes,
        int missing,
        CellDepth here,
        String values,
        @Nullable TrainingCells trained,
        double unassigned,
        int blank) {
    /** A share of missing genes, or of unassigned cells, that is worth a warning. */
    private static final double MUCH = 0.3;

    /** Beyond this many times as much or as little, depth is worth a warning. */
    private static final double FAR = 2;

    static int missing(GeneMapping mapping, int genes) {
        return genes - mapping.measured().cardinality();
    }

    /** Share of the annotator's genes that the file does not have. */
    public double missingShare() {
        return genes == 0 ? 0 : (double) missing / genes;
    }

    /** What is far enough to doubt the labels, a sentence each. */
    public List<String> warnings() {
        List<String> warnings = new ArrayList<>();
        if (missingShare() > MUCH) {
            warnings.add(String.format(
                    Locale.ROOT,
                    "%.0f%% of the genes that are read are not in the file; they count as what the others let expect",
                    100 * missingShare()));
        }
        if (trained != null) {
            far("expressed genes", here.genes(), trained.depth().genes(), warnings);
            if (trained.values().equals(values)) {
                far("total", here.total(), trained.depth().total(), warnings);
            } else {
                warnings.add("values are " + values + ", those of the training cells were " + trained.values());
            }
        }
        if (blank > 0) {
            warnings.add(blank + (blank == 1 ? " cell expresses" : " cells express")
                    + " none of the genes that are read, and " + (blank == 1 ? "stays" : "stay")
                    + " unassigned");
        }
        if (unassigned > MUCH) {
            warnings.add(String.format(
                    Locale.ROOT,
                    "%.0f%% of the cells are unassigned: they may be of types that were not learned",
                    100 * unassigned));
        }
        return warnings;
    }

    private static void far(String what, double here, double trained, List<String> warnings) {
        if (trained > 0 && (here > FAR * trained || here * FAR < trained)) {
            warnings.add(String.format(
                    Locale.ROOT,
                    "the median cell's %s is %,.0f, that of the training cells %,.0f",
                    what,
                    here,
                    trained));
        }
    }
}
