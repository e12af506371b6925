package org.celllm.tasks.expression;

/**
 * How often each gene was seen in each bin: what a guess can know that looks at no other gene. A gene's shares are counted
 * together with one sighting spread as the whole file's are, so that a gene that was never seen is guessed as the file is.
 */
final class BinCounts {
    private final int bins;
    private final int[] byGene;
    private final long[] all;

    BinCounts(int genes, int bins) {
        this.bins = bins;
        this.byGene = new int[Math.multiplyExact(genes, bins)];
        this.all = new long[bins];
    }

    void add(int gene, int bin) {
        byGene[gene * bins + bin]++;
        all[bin]++;
    }

    /** The commonest bin of all genes; of several the lowest. */
    int commonest() {
        int best = 0;
        for (int bin = 1; bin < bins; bin++) {
            best = all[bin] > all[best] ? bin : best;
        }
        return best;
    }

    /** A gene's likeliest bin. */
    int commonest(int gene) {
        int best = 0;
        for (int bin = 1; bin < bins; bin++) {
            best = share(gene, bin) > share(gene, best) ? bin : best;
        }
        return best;
    }

    /** The share of a bin among all genes, where every bin counts as seen once more. */
    double share(int bin) {
        long sum = bins;
        for (long count : all) {
            sum += count;
        }
        return (all[bin] + 1.0) / sum;
    }

    /** The share of a bin among a gene's sightings. */
    double share(int gene, int bin) {
        int sum = 0;
        for (int i = 0; i < bins; i++) {
            sum += byGene[gene * bins + i];
        }
        return (byGene[gene * bins + bin] + share(bin)) / (sum + 1.0);
    }
}
