package org.celllm.tasks.expression;

/** How often each gene of a file was seen in each bin: what a guess can know without any model. */
final class BinCounts {
    private final int bins;
    private final int[] byGene;
    private final long[] all;
    private long sum;

    BinCounts(int genes, int bins) {
        this.bins = bins;
        this.byGene = new int[Math.multiplyExact(genes, bins)];
        this.all = new long[bins];
    }

    void add(int gene, int bin) {
        byGene[gene * bins + bin]++;
        all[bin]++;
        sum++;
    }

    int bins() {
        return bins;
    }

    /** The shares of the bins among all genes, where every bin counts as seen once more. */
    double[] ofFile() {
        double[] shares = new double[bins];
        for (int bin = 0; bin < bins; bin++) {
            shares[bin] = (all[bin] + 1.0) / (sum + bins);
        }
        return shares;
    }

    /**
     * The shares of the bins of a gene without one sighting of it, together with one more that is spread as the file's are: a gene
     * that no other cell expresses is guessed as the file is.
     *
     * @param bin of the sighting that does not count
     * @param file {@link #ofFile}
     */
    double[] ofGeneWithout(int gene, int bin, double[] file) {
        double[] shares = new double[bins];
        int seen = -1;
        for (int i = 0; i < bins; i++) {
            seen += byGene[gene * bins + i];
        }
        for (int i = 0; i < bins; i++) {
            shares[i] = (byGene[gene * bins + i] - (i == bin ? 1 : 0) + file[i]) / (seen + 1.0);
        }
        return shares;
    }
}
