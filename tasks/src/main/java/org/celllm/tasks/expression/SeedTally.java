package org.celllm.tasks.expression;

/** What one seed hid and showed, by gene and bin, and how the model guessed. */
final class SeedTally {
    private final int genes;
    private final int bins;
    private final BinCounts shown;
    private final int[] hiddenByGene;
    private long hidden;
    private long right;
    private double logLikelihood;

    SeedTally(int genes, int bins) {
        this.genes = genes;
        this.bins = bins;
        this.shown = new BinCounts(genes, bins);
        this.hiddenByGene = new int[Math.multiplyExact(genes, bins)];
    }

    /**
     * How a way of guessing came out.
     *
     * @param right share of hidden genes
     * @param loss in nats
     */
    record Score(double right, double loss) {}

    void show(int gene, int bin) {
        shown.add(gene, bin);
    }

    void hide(int gene, int bin, boolean guessed, double logProbability) {
        hiddenByGene[gene * bins + bin]++;
        hidden++;
        right += guessed ? 1 : 0;
        logLikelihood += logProbability;
    }

    long hidden() {
        return hidden;
    }

    Score model() {
        return new Score((double) right / hidden, -logLikelihood / hidden);
    }

    /** By the gene's bins where it was shown. */
    Score byGene() {
        long told = 0;
        double loss = 0;
        for (int gene = 0; gene < genes; gene++) {
            int best = -1;
            for (int bin = 0; bin < bins; bin++) {
                int count = hiddenByGene[gene * bins + bin];
                if (count > 0) {
                    best = best < 0 ? shown.commonest(gene) : best;
                    told += bin == best ? count : 0;
                    loss -= count * Math.log(shown.share(gene, bin));
                }
            }
        }
        return new Score((double) told / hidden, loss / hidden);
    }

    /** By the bins of all that was shown. */
    Score byFile() {
        long told = 0;
        double loss = 0;
        int best = shown.commonest();
        for (int i = 0; i < hiddenByGene.length; i++) {
            if (hiddenByGene[i] > 0) {
                told += i % bins == best ? hiddenByGene[i] : 0;
                loss -= hiddenByGene[i] * Math.log(shown.share(i % bins));
            }
        }
        return new Score((double) told / hidden, loss / hidden);
    }
}
