package org.celllm.data.simulate;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.celllm.data.random.KeyedRandom;

/**
 * What is true before any donor or cell is drawn: genes, base expression, lineages and types as programmes upon it,
 * and the programmes of malignancy, drug resistance, cell cycle, stress and interferon. A function of the settings'
 * {@code tissue}, {@code genes}, {@code types} and {@code distance} alone.
 */
final class Tissue {
    private static final String[][] NAMES = {
        {"CD4 T cell", "CD8 T cell", "regulatory T cell", "NK cell", "gamma-delta T cell", "proliferating T cell"},
        {"luminal epithelial cell", "basal epithelial cell", "secretory epithelial cell", "ciliated epithelial cell"},
        {"CD14 monocyte", "macrophage", "dendritic cell", "CD16 monocyte", "mast cell", "neutrophil"},
        {"fibroblast", "myofibroblast", "pericyte", "smooth muscle cell", "adipocyte"},
        {"naive B cell", "memory B cell", "plasma cell", "germinal centre B cell"},
        {
            "arterial endothelial cell",
            "venous endothelial cell",
            "capillary endothelial cell",
            "lymphatic endothelial cell"
        }
    };
    private static final String[] LINEAGES = {"T and NK", "epithelial", "myeloid", "stromal", "B", "endothelial"};
    private static final int EPITHELIAL = 1;

    final List<String> genes;
    final List<String> types = new ArrayList<>();
    final int[] lineage;
    /** [types] cumulative share of each type among normal cells. */
    final double[] shares;
    /** [types][genes] weight of each gene at full identity. */
    final double[][] profiles;
    /** [types] what makes a type differ from its lineage. */
    final Programme[] identities;
    /** Types that malignant cells descend from. */
    final int[] origins;
    /** [genes] expression of the average cell, sums to 1. */
    final double[] ambient;
    /** [genes] size parameter of the negative binomial. */
    final float[] dispersion;

    final Programme malignancy;
    final Programme resistance;
    final Programme cycle;
    final Programme stress;
    final Programme interferon;

    Tissue(SimulationSettings settings) {
        int n = settings.genes();
        long seed = settings.tissue();
        double distance = settings.distance();
        genes = GeneSymbols.of(n, seed);
        KeyedRandom random = KeyedRandom.of(seed, 1);
        double[] base = new double[n];
        dispersion = new float[n];
        for (int gene = 0; gene < n; gene++) {
            base[gene] = Math.exp(1.5 * random.nextGaussian());
            dispersion[gene] = (float) (2.5 * Math.exp(0.4 * random.nextGaussian()));
        }
        int lineages = Math.min(LINEAGES.length, Math.max(2, (settings.types() + 1) / 3));
        Programme[] lineageProgrammes = new Programme[lineages];
        for (int l = 0; l < lineages; l++) {
            lineageProgrammes[l] = Programme.draw(KeyedRandom.of(seed, 2, l), n, 0.08, 1.1 * distance);
        }
        int count = settings.types();
        lineage = new int[count];
        identities = new Programme[count];
        profiles = new double[count][];
        shares = new double[count];
        ambient = new double[n];
        double total = 0;
        for (int type = 0; type < count; type++) {
            int l = type % lineages;
            int rank = type / lineages;
            lineage[type] = l;
            types.add(rank < NAMES[l].length ? NAMES[l][rank] : LINEAGES[l] + " cell type " + (rank + 1));
            identities[type] = Programme.draw(KeyedRandom.of(seed, 3, type), n, 0.05, 1.0 * distance);
            double[] profile = base.clone();
            lineageProgrammes[l].apply(profile, 1);
            identities[type].apply(profile, 1);
            profiles[type] = profile;
            double share = Math.exp(-1.2 * KeyedRandom.of(seed, 4, type).nextDouble());
            total += share;
            shares[type] = total;
            double sum = Arrays.stream(profile).sum();
            for (int gene = 0; gene < n; gene++) {
                ambient[gene] += share * profile[gene] / sum;
            }
        }
        for (int type = 0; type < count; type++) {
            shares[type] /= total;
        }
        for (int gene = 0; gene < n; gene++) {
            ambient[gene] /= total;
        }
        origins = origins(lineage);
        malignancy = Programme.draw(KeyedRandom.of(seed, 5), n, 0.08, 0.9);
        resistance = Programme.draw(KeyedRandom.of(seed, 6), n, 0.04, 0.9);
        cycle = Programme.draw(KeyedRandom.of(seed, 7), n, 0.03, 1.2);
        stress = Programme.draw(KeyedRandom.of(seed, 8), n, 0.03, 0.9);
        interferon = Programme.draw(KeyedRandom.of(seed, 9), n, 0.03, 1.0);
    }

    /** The name of a type's lineage. */
    String lineageName(int type) {
        return LINEAGES[lineage[type]];
    }

    private static int[] origins(int[] lineage) {
        int[] found = new int[2];
        int n = 0;
        for (int type = 0; type < lineage.length && n < 2; type++) {
            if (lineage[type] == EPITHELIAL) {
                found[n++] = type;
            }
        }
        return Arrays.copyOf(found, n);
    }
}
