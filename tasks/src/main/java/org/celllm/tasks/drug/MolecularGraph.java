package org.celllm.tasks.drug;

import java.util.Arrays;

/**
 * The graph of a molecule's heavy atoms. Not copied: whoever holds it leaves the arrays alone.
 *
 * @param atoms [atoms][{@link AtomFeatures#SIZE}]
 * @param from [edges] the atom that an edge comes from; a bond is two edges, one in each direction
 * @param to [edges] the atom that it leads to; edges ascend by (to, from)
 * @param bonds [edges][{@link BondFeatures#SIZE}], the same for both edges of a bond
 */
public record MolecularGraph(float[][] atoms, int[] from, int[] to, float[][] bonds) {
    public MolecularGraph {
        if (atoms.length == 0) {
            throw new IllegalArgumentException("a graph without atoms");
        }
        if (from.length != to.length || from.length != bonds.length) {
            throw new IllegalArgumentException(
                    from.length + " and " + to.length + " ends of edges, features of " + bonds.length);
        }
        for (float[] atom : atoms) {
            sized(atom, AtomFeatures.SIZE);
        }
        for (int edge = 0; edge < from.length; edge++) {
            sized(bonds[edge], BondFeatures.SIZE);
            boolean ascends =
                    edge == 0 || to[edge - 1] < to[edge] || (to[edge - 1] == to[edge] && from[edge - 1] < from[edge]);
            boolean within = from[edge] >= 0 && from[edge] < atoms.length && to[edge] >= 0 && to[edge] < atoms.length;
            if (!ascends || !within || from[edge] == to[edge]) {
                throw new IllegalArgumentException("edge " + edge + " is out of order or out of range");
            }
        }
    }

    private static void sized(float[] features, int size) {
        if (features.length != size) {
            throw new IllegalArgumentException(features.length + " features instead of " + size);
        }
    }

    /** How many heavy atoms. */
    public int size() {
        return atoms.length;
    }

    /** How many directed edges: twice the bonds. */
    public int edges() {
        return from.length;
    }

    /**
     * The same graph with its atoms in another order.
     *
     * @param order [atoms] which atom comes at each place
     */
    public MolecularGraph reordered(int[] order) {
        int[] place = new int[order.length];
        float[][] moved = new float[order.length][];
        for (int i = 0; i < order.length; i++) {
            place[order[i]] = i;
            moved[i] = atoms[order[i]];
        }
        Edges edges = new Edges(order.length, from.length);
        for (int edge = 0; edge < from.length; edge++) {
            edges.add(place[from[edge]], place[to[edge]], bonds[edge]);
        }
        return edges.graph(moved);
    }

    /** Collects directed edges in any order. */
    static final class Edges {
        private final long[] keys;
        private final float[][] features;
        private final int atoms;
        private int count;

        Edges(int atoms, int edges) {
            this.atoms = atoms;
            this.keys = new long[edges];
            this.features = new float[edges][];
        }

        void add(int from, int to, float[] bond) {
            features[count] = bond;
            keys[count] = ((long) to * atoms + from) * keys.length + count;
            count++;
        }

        MolecularGraph graph(float[][] atomFeatures) {
            long[] sorted = keys.clone();
            Arrays.sort(sorted);
            int[] from = new int[count];
            int[] to = new int[count];
            float[][] bonds = new float[count][];
            for (int i = 0; i < count; i++) {
                long pair = sorted[i] / count;
                from[i] = (int) (pair % atoms);
                to[i] = (int) (pair / atoms);
                bonds[i] = features[(int) (sorted[i] % count)];
            }
            return new MolecularGraph(atomFeatures, from, to, bonds);
        }
    }
}
