package org.celllm.tasks.expression;

/** Ways of guessing that need no model, from the most to the least that they know. */
enum Guess {
    GENE_AND_CELL("gene and cell together"),
    GENE("gene's commonest bin"),
    CELL("cell's commonest bin"),
    FILE("file's commonest bin");

    private final String title;

    Guess(String title) {
        this.title = title;
    }

    String title() {
        return title;
    }

    /**
     * The probabilities of the bins.
     *
     * @param gene [bins] shares of the gene's bins
     * @param cell [bins] shares of the bins of the cell's other genes
     * @param file [bins] shares of all bins
     */
    double[] of(double[] gene, double[] cell, double[] file) {
        return switch (this) {
            case GENE_AND_CELL -> together(gene, cell, file);
            case GENE -> gene;
            case CELL -> cell;
            case FILE -> file;
        };
    }

    /** As if gene and cell told of a bin independently of each other. */
    private static double[] together(double[] gene, double[] cell, double[] file) {
        double[] product = new double[gene.length];
        double sum = 0;
        for (int bin = 0; bin < product.length; bin++) {
            product[bin] = gene[bin] * cell[bin] / file[bin];
            sum += product[bin];
        }
        for (int bin = 0; bin < product.length; bin++) {
            product[bin] /= sum;
        }
        return product;
    }
}
