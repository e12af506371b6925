package org.celllm.tasks.drug.network;

/**
 * The size of a graph isomorphism network.
 *
 * @param layers how many bonds away an atom hears from, at least 1
 * @param width of an atom's vector
 * @param dim of a molecule's vector
 * @param pooling from atoms to molecules
 * @param seed decides the first weights
 */
public record MoleculeNetworkSettings(int layers, int width, int dim, MoleculePooling pooling, long seed) {
    public MoleculeNetworkSettings {
        if (layers < 1 || layers > 64 || width < 1 || width > 8192 || dim < 1 || dim > 8192) {
            throw new IllegalArgumentException("no network of " + layers + " layers, width " + width + ", dim " + dim);
        }
    }

    /** Four layers of 64, a mean over the atoms, and molecules of 64 dimensions. */
    public static MoleculeNetworkSettings usual(long seed) {
        return new MoleculeNetworkSettings(4, 64, 64, MoleculePooling.MEAN, seed);
    }
}
