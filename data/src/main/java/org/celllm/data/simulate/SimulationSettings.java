package org.celllm.data.simulate;

import java.util.ArrayList;
import java.util.List;
import org.celllm.data.InputException;
import org.celllm.data.genes.GeneVocabulary;

/**
 * What to simulate. Two simulations with the same {@code tissue}, {@code genes} and {@code types} have the same genes
 * and cell types; the {@code seed} draws other donors and other cells from them.
 *
 * @param cells how many, at least 1
 * @param genes how many, 50 to 65,533
 * @param types cell types, 2 to 60
 * @param donors donors, each of them a batch; the second half are patients, in whom malignant cells occur
 * @param depth median number of counts a cell, at 10,000 genes and more; fewer genes get fewer in proportion to the
 *     square root
 * @param malignant share of a patient's cells that are malignant, 0 to 1
 * @param distance how far types are apart, in natural-log fold changes of their programme genes; 1 is the default and
 *     gives logistic regression a macro-F1 of .75 to .95, more is easier
 * @param tissue seed of genes and cell types
 * @param seed seed of donors and cells
 */
public record SimulationSettings(
        int cells,
        int genes,
        int types,
        int donors,
        double depth,
        double malignant,
        double distance,
        long tissue,
        long seed) {
    public SimulationSettings {
        require(cells >= 1, "--cells", cells, "1 or more");
        require(genes >= 50 && genes <= GeneVocabulary.MOST_GENES, "--genes", genes, "50 to 65533");
        require(types >= 2 && types <= 60, "--types", types, "2 to 60");
        require(donors >= 1 && donors <= 10_000, "--donors", donors, "1 to 10000");
        require(depth >= 10 && depth <= 1e6, "--depth", depth, "10 to 1000000");
        require(malignant >= 0 && malignant <= 1, "--malignant", malignant, "0 to 1");
        require(distance >= 0 && distance <= 10, "--distance", distance, "0 to 10");
    }

    /** The defaults for so many cells: 2,000 genes, 10 types, 6 donors. */
    public static SimulationSettings of(int cells, long seed) {
        return new SimulationSettings(cells, 2_000, 10, 6, 5_000, 0.4, 1, 0, seed);
    }

    /** The same with another number of genes. */
    public SimulationSettings withGenes(int genes) {
        return new SimulationSettings(cells, genes, types, donors, depth, malignant, distance, tissue, seed);
    }

    /** The same with another number of types. */
    public SimulationSettings withTypes(int types) {
        return new SimulationSettings(cells, genes, types, donors, depth, malignant, distance, tissue, seed);
    }

    /** The same with another number of donors. */
    public SimulationSettings withDonors(int donors) {
        return new SimulationSettings(cells, genes, types, donors, depth, malignant, distance, tissue, seed);
    }

    /** The same with another share of malignant cells among a patient's. */
    public SimulationSettings withMalignant(double malignant) {
        return new SimulationSettings(cells, genes, types, donors, depth, malignant, distance, tissue, seed);
    }

    /** The same with types nearer or farther. */
    public SimulationSettings withDistance(double distance) {
        return new SimulationSettings(cells, genes, types, donors, depth, malignant, distance, tissue, seed);
    }

    /**
     * The same tissue in several sources: each has donors and cells of its own, drawn by the next seeds.
     *
     * @param sources how many; as many cells each, but for one that the first have more where they do not divide
     * @throws InputException when there are more sources than cells
     */
    public List<SimulationSettings> split(int sources) {
        require(sources >= 1 && sources <= cells, "--sources", sources, "1 to as many as cells");
        List<SimulationSettings> parts = new ArrayList<>();
        for (int i = 0; i < sources; i++) {
            int share = cells / sources + (i < cells % sources ? 1 : 0);
            parts.add(
                    new SimulationSettings(share, genes, types, donors, depth, malignant, distance, tissue, seed + i));
        }
        return parts;
    }

    /** Median counts a cell over these genes. */
    double medianCounts() {
        return depth * Math.sqrt(Math.min(1, genes / 10_000.0));
    }

    private static void require(boolean holds, String option, Object found, String expected) {
        if (!holds) {
            throw InputException.about(option)
                    .found(found + " cannot be simulated")
                    .expected(expected)
                    .build();
        }
    }
}
