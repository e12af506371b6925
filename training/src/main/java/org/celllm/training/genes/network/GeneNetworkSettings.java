package org.celllm.training.genes.network;

/**
 * How a network's genes are embedded.
 *
 * @param dim width of an embedding, a multiple of {@code heads}
 * @param layers of the encoder
 * @param heads of each of the encoder's layers
 * @param epochs passes over the network
 * @param masked share of the genes whose features are hidden in a pass
 * @param exponent γ of the scaled cosine error
 * @param learningRate of Adam
 * @param seed decides everything random
 */
public record GeneNetworkSettings(
        int dim, int layers, int heads, int epochs, double masked, double exponent, double learningRate, long seed) {
    /** More passes lower the error and tell held-out edges a little worse. */
    public static final int USUAL_EPOCHS = 30;

    private static final int MOST_DIM = 4096;
    private static final int MOST_EPOCHS = 100_000;

    public GeneNetworkSettings {
        if (dim < 1 || dim > MOST_DIM || heads < 1 || dim % heads != 0) {
            throw new IllegalArgumentException(
                    "a width of " + dim + " is not 1 to " + MOST_DIM + " and a multiple of " + heads + " heads");
        }
        if (layers < 1 || layers > 4 || epochs < 1 || epochs > MOST_EPOCHS) {
            throw new IllegalArgumentException(
                    layers + " layers and " + epochs + " epochs are not 1 to 4 and 1 to " + MOST_EPOCHS);
        }
        if (!(masked > 0 && masked < 1 && exponent >= 1 && exponent <= 10 && learningRate > 0 && learningRate < 1)) {
            throw new IllegalArgumentException("a masked share of " + masked + ", an exponent of " + exponent
                    + " or a learning rate of " + learningRate + " is out of range");
        }
    }

    /** The usual settings: what was found best, see {@code docs/experiments.md}. */
    public static GeneNetworkSettings usual(int dim, int epochs, long seed) {
        return new GeneNetworkSettings(dim, 1, dim % 4 == 0 ? 4 : 1, epochs, 0.5, 2, 1e-3, seed);
    }
}
