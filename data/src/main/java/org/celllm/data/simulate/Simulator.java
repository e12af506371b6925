package org.celllm.data.simulate;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.celllm.data.anndata.write.H5adWriter;
import org.celllm.data.matrix.AnnotationTable;
import org.celllm.data.matrix.CellBlock;
import org.celllm.data.matrix.Column;
import org.celllm.data.progress.Progress;
import org.celllm.data.random.KeyedRandom;

/**
 * Simulates counts with known truth. For a cell of a type, a donor and a state:
 *
 * <pre>
 * weight(g)  = base(g) · lineage(g) · type(g)^identity · state(g) · batch(g) [· clone(g) · malignancy(g) · resistance(g)]
 * mean(g)    = counts · ((1 − soup) · weight(g) / Σ weight + soup · ambient(g))
 * count(g)   ~ negative binomial(mean(g), dispersion(g))
 * </pre>
 *
 * <p>where the library size {@code counts} is log-normal, {@code identity} varies from cell to cell so that types of a
 * lineage run into each other, and zeros come from shallow sequencing and overdispersion, as in droplet data.
 *
 * <p>Thread safe: a cell is a pure function of the settings and its number.
 */
public final class Simulator {
    private static final long CELL = 0x63656C6CL;
    private static final int CELLS_A_BLOCK = 256;
    /** Share of cells between types. */
    private static final double BETWEEN = 0.2;

    private final SimulationSettings settings;
    private final Tissue tissue;
    private final Donor[] donors;

    /** Draws the tissue and its donors. */
    public Simulator(SimulationSettings settings) {
        this.settings = settings;
        this.tissue = new Tissue(settings);
        this.donors = new Donor[settings.donors()];
        for (int donor = 0; donor < donors.length; donor++) {
            donors[donor] = Donor.draw(settings, donor);
        }
    }

    /** The settings. */
    public SimulationSettings settings() {
        return settings;
    }

    /** Gene symbols, in the order of the columns. */
    public List<String> genes() {
        return tissue.genes;
    }

    /** Names of the cell types, by number. */
    public List<String> types() {
        return List.copyOf(tissue.types);
    }

    /** What is true of a cell. */
    public CellTruth truth(long cell) {
        KeyedRandom random = KeyedRandom.of(settings.seed(), CELL, cell);
        int number = random.nextInt(donors.length);
        Donor donor = donors[number];
        boolean malignant = donor.patient() && random.nextDouble() < settings.malignant();
        int type = malignant
                ? tissue.origins[random.nextInt(tissue.origins.length)]
                : Draws.pick(random.nextDouble(), tissue.shares);
        boolean resistant = malignant && random.nextDouble() < donor.resistant();
        // Some cells are between types of their lineage, and nothing in their counts says which they belong to.
        boolean between = random.nextDouble() < BETWEEN;
        double identity = between ? 0.4 * random.nextDouble() : 0.6 + 0.4 * Draws.beta(random, 4, 1.5);
        double counts = settings.medianCounts()
                * donor.depth()
                * (malignant ? 1.3 : 1)
                * Math.exp(0.45 * random.nextGaussian());
        return new CellTruth(type, number, malignant, resistant, malignant ? 0.7 * identity : identity, counts);
    }

    /**
     * Counts of consecutive cells.
     *
     * @param first number of the first, from 0
     * @param count how many
     */
    public CellBlock cells(int first, int count) {
        int[] offsets = new int[count + 1];
        int[] genes = new int[count * Math.min(settings.genes(), 1024)];
        float[] values = new float[genes.length];
        double[] weights = new double[settings.genes()];
        int n = 0;
        for (int i = 0; i < count; i++) {
            CellTruth truth = truth(first + (long) i);
            long key = KeyedRandom.key(settings.seed(), CELL, first + (long) i, 1);
            double soup = weigh(truth, KeyedRandom.of(key), weights);
            double sum = 0;
            for (double weight : weights) {
                sum += weight;
            }
            double own = truth.counts() * (1 - soup) / sum;
            double foreign = truth.counts() * soup;
            long uniforms = KeyedRandom.key(key, 2);
            if (genes.length - n < weights.length) {
                int longer = (int) Math.min(Integer.MAX_VALUE - 8, (long) genes.length * 3 / 2 + weights.length);
                genes = Arrays.copyOf(genes, longer);
                values = Arrays.copyOf(values, longer);
            }
            for (int gene = 0; gene < weights.length; gene++) {
                double mean = own * weights[gene] + foreign * tissue.ambient[gene];
                int drawn = Draws.negativeBinomial(KeyedRandom.uniform(uniforms, gene), mean, tissue.dispersion[gene]);
                if (drawn > 0) {
                    genes[n] = gene;
                    values[n++] = drawn;
                }
            }
            offsets[i + 1] = n;
        }
        return new CellBlock(first, count, offsets, genes, values);
    }

    /** Fills in the weight of every gene and returns the share of the soup. */
    private double weigh(CellTruth truth, KeyedRandom random, double[] weights) {
        Donor donor = donors[truth.donor()];
        double[] profile = tissue.profiles[truth.type()];
        float[] batch = donor.batch();
        for (int gene = 0; gene < weights.length; gene++) {
            weights[gene] = profile[gene] * batch[gene];
        }
        tissue.identities[truth.type()].apply(weights, truth.identity() - 1);
        tissue.stress.apply(weights, Draws.gamma(random, 1) * 0.5);
        tissue.interferon.apply(weights, Draws.gamma(random, 2) * 0.5 * donor.interferon());
        if (random.nextDouble() < (truth.malignant() ? 0.3 : 0.06)) {
            tissue.cycle.apply(weights, 0.5 + 0.5 * random.nextDouble());
        }
        if (truth.malignant()) {
            tissue.malignancy.apply(weights, 0.5 + 0.5 * random.nextDouble());
            float[] copies = donor.copies();
            for (int gene = 0; gene < weights.length; gene++) {
                weights[gene] *= copies[gene];
            }
            if (truth.resistant()) {
                tissue.resistance.apply(weights, 0.4 + 0.6 * random.nextDouble());
            }
        }
        return Math.min(0.5, donor.ambient() * Draws.gamma(random, 4) / 4);
    }

    /**
     * Streams all cells to an {@code .h5ad} file: counts in {@code X}; in {@code obs} the columns {@code cell_type},
     * {@code lineage}, {@code disease} (normal or cancer), {@code donor}, {@code batch} and {@code drug_response}
     * (sensitive or resistant, missing for normal cells); in {@code uns} the settings.
     */
    public void write(Path target, Progress progress) throws IOException {
        write(target, 1, progress);
    }

    /**
     * As {@link #write(Path, Progress)}, with several threads making cells; the bytes are the same for any number. Held
     * are a few blocks of 256 cells for each thread, and the columns of {@code obs}: some 100 bytes a cell.
     *
     * @param threads at least 1
     */
    public void write(Path target, int threads, Progress progress) throws IOException {
        H5adWriter.write(target, file -> {
            file.var(new AnnotationTable(tissue.genes, Map.of()));
            try (Progress.Task task = progress.start("Simulating " + target.getFileName(), "cells", settings.cells());
                    BlocksAhead blocks = new BlocksAhead(this::cells, settings.cells(), CELLS_A_BLOCK, threads)) {
                for (CellBlock block = blocks.next(); block != null; block = blocks.next()) {
                    file.cells(block);
                    task.advance(block.cells());
                }
            }
            file.obs(description());
            file.uns(Map.of("simulation", settings.toString()));
        });
    }

    /** Names and true columns of all cells. */
    public AnnotationTable description() {
        int n = settings.cells();
        List<String> names = new ArrayList<>(n);
        int[] type = new int[n];
        int[] lineage = new int[n];
        int[] disease = new int[n];
        int[] donor = new int[n];
        int[] response = new int[n];
        List<String> lineages = tissueLineages();
        for (int i = 0; i < n; i++) {
            CellTruth truth = truth(i);
            names.add("donor" + (truth.donor() + 1) + "_cell" + (i + 1));
            type[i] = truth.type();
            lineage[i] = lineages.indexOf(tissue.lineageName(truth.type()));
            disease[i] = truth.malignant() ? 1 : 0;
            donor[i] = truth.donor();
            response[i] = !truth.malignant() ? -1 : truth.resistant() ? 1 : 0;
        }
        List<String> donorNames = new ArrayList<>();
        List<String> batchNames = new ArrayList<>();
        for (int i = 1; i <= donors.length; i++) {
            donorNames.add("donor" + i);
            batchNames.add("batch" + i);
        }
        Map<String, Column> columns = new LinkedHashMap<>();
        columns.put("cell_type", new Column.Categorical(type, types()));
        columns.put("lineage", new Column.Categorical(lineage, lineages));
        columns.put("disease", new Column.Categorical(disease, List.of("normal", "cancer")));
        columns.put("donor", new Column.Categorical(donor, donorNames));
        columns.put("batch", new Column.Categorical(donor.clone(), batchNames));
        columns.put("drug_response", new Column.Categorical(response, List.of("sensitive", "resistant")));
        return new AnnotationTable(names, columns);
    }

    private List<String> tissueLineages() {
        List<String> lineages = new ArrayList<>();
        for (int type = 0; type < tissue.types.size(); type++) {
            if (!lineages.contains(tissue.lineageName(type))) {
                lineages.add(tissue.lineageName(type));
            }
        }
        return lineages;
    }
}
