package org.celllm.data.simulate;

import org.celllm.data.random.KeyedRandom;

/**
 * What a donor, who is also a batch, does to every cell: technical fold changes of all genes, depth, ambient RNA, an
 * interferon tone, and in a patient the copy-number changes of the tumour's clone over stretches of neighbouring genes.
 *
 * @param patient whether malignant cells occur
 * @param resistant share of the tumour's cells that resist the drug
 * @param depth factor on the counts
 * @param ambient mean share of counts that come from the soup
 * @param interferon mean activity of the interferon programme
 * @param batch [genes] technical factor
 * @param copies [genes] copy-number factor in malignant cells
 */
record Donor(
        boolean patient,
        double resistant,
        double depth,
        double ambient,
        double interferon,
        float[] batch,
        float[] copies) {
    private static final int CHROMOSOMES = 23;

    static Donor draw(SimulationSettings settings, int number) {
        int genes = settings.genes();
        KeyedRandom random = KeyedRandom.of(settings.seed(), 0x646F6E6F72L, number);
        boolean patient = number >= settings.donors() / 2;
        float[] batch = new float[genes];
        float[] copies = new float[genes];
        for (int gene = 0; gene < genes; gene++) {
            batch[gene] = (float) Math.exp(0.15 * random.nextGaussian());
            copies[gene] = 1;
        }
        for (int event = 0; event < 8; event++) {
            int chromosome = random.nextInt(CHROMOSOMES);
            int from = (int) ((long) genes * chromosome / CHROMOSOMES);
            int to = (int) ((long) genes * (chromosome + 1) / CHROMOSOMES);
            if (random.nextBoolean()) {
                from = (from + to) / 2;
            }
            float factor = random.nextBoolean() ? 1.5f : 0.55f;
            for (int gene = from; gene < to; gene++) {
                copies[gene] = factor;
            }
        }
        return new Donor(
                patient,
                0.15 + 0.7 * random.nextDouble(),
                Math.exp(0.25 * random.nextGaussian()),
                0.02 + 0.08 * random.nextDouble(),
                0.6 * random.nextDouble(),
                batch,
                copies);
    }
}
