package org.celllm.tasks.drug.network;

import java.util.List;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.TensorOptional;
import org.bytedeco.pytorch.global.torch;
import org.bytedeco.pytorch.global.torch.ScalarType;
import org.celllm.network.runtime.Native;
import org.celllm.network.runtime.TensorArrays;
import org.celllm.tasks.drug.AtomFeatures;
import org.celllm.tasks.drug.BondFeatures;
import org.celllm.tasks.drug.MolecularGraph;

/**
 * Graphs of molecules end to end, as tensors, and the sums over their edges and atoms. N counts atoms, E directed edges, M
 * molecules. Every sum, forward and back, runs in a fixed order: the same bits every time.
 *
 * <p>Closing it frees the tensors.
 */
public final class MoleculeBatch implements AutoCloseable {
    private static final long SUM = 0;

    private final int molecules;
    private final int edges;
    private final Tensor atoms;
    private final Tensor bonds;
    private final Tensor from;
    private final Tensor own;
    private final Tensor edgeOffsets;
    private final Tensor places;
    private final Tensor atomOffsets;
    private final Tensor sizes;

    private MoleculeBatch(List<MolecularGraph> graphs, ScalarType type) {
        int n = graphs.stream().mapToInt(MolecularGraph::size).reduce(0, Math::addExact);
        this.molecules = graphs.size();
        this.edges = graphs.stream().mapToInt(MolecularGraph::edges).reduce(0, Math::addExact);
        float[] atomRows = new float[Math.multiplyExact(n, AtomFeatures.SIZE)];
        // An empty array has no native memory: without any bond one row stands there that nobody reads.
        int rows = Math.max(1, edges);
        float[] bondRows = new float[Math.multiplyExact(rows, BondFeatures.SIZE)];
        int[] sources = new int[rows];
        int[] incoming = new int[n + 1];
        int[] first = new int[molecules + 1];
        float[] counts = new float[molecules];
        int edge = 0;
        for (int m = 0; m < molecules; m++) {
            MolecularGraph graph = graphs.get(m);
            int base = first[m];
            for (int i = 0; i < graph.size(); i++) {
                System.arraycopy(graph.atoms()[i], 0, atomRows, (base + i) * AtomFeatures.SIZE, AtomFeatures.SIZE);
            }
            for (int e = 0; e < graph.edges(); e++) {
                sources[edge] = base + graph.from()[e];
                incoming[base + graph.to()[e] + 1]++;
                System.arraycopy(graph.bonds()[e], 0, bondRows, edge * BondFeatures.SIZE, BondFeatures.SIZE);
                edge++;
            }
            first[m + 1] = base + graph.size();
            counts[m] = graph.size();
        }
        for (int atom = 0; atom < n; atom++) {
            incoming[atom + 1] += incoming[atom];
        }
        this.atoms = Native.keep(TensorArrays.of(atomRows, n, AtomFeatures.SIZE).to(type));
        this.bonds =
                Native.keep(TensorArrays.of(bondRows, rows, BondFeatures.SIZE).to(type));
        this.from = Native.keep(TensorArrays.of(sources, rows));
        this.own = Native.keep(TensorArrays.of(counted(rows), rows));
        this.edgeOffsets = Native.keep(TensorArrays.of(incoming, incoming.length));
        this.places = Native.keep(TensorArrays.of(counted(n), n));
        this.atomOffsets = Native.keep(TensorArrays.of(first, first.length));
        this.sizes = Native.keep(TensorArrays.of(counts, molecules, 1).to(type));
    }

    private static int[] counted(int n) {
        int[] numbers = new int[n];
        for (int i = 0; i < n; i++) {
            numbers[i] = i;
        }
        return numbers;
    }

    /** A batch in float32. */
    public static MoleculeBatch of(List<MolecularGraph> graphs) {
        return of(graphs, ScalarType.Float);
    }

    /**
     * A batch.
     *
     * @param graphs at least one
     * @param type float32, or float64 to check gradients with
     */
    public static MoleculeBatch of(List<MolecularGraph> graphs, ScalarType type) {
        if (graphs.isEmpty()) {
            throw new IllegalArgumentException("a batch without molecules");
        }
        MoleculeBatch[] batch = new MoleculeBatch[1];
        Native.run(() -> batch[0] = new MoleculeBatch(graphs, type));
        return batch[0];
    }

    /** How many molecules. */
    public int molecules() {
        return molecules;
    }

    /** Whether there is any bond. */
    boolean hasBonds() {
        return edges > 0;
    }

    /** [N, features]. */
    Tensor atoms() {
        return atoms;
    }

    /** [E, features]. */
    Tensor bonds() {
        return bonds;
    }

    /** [E, width] the row that each edge comes from, of [N, width]. */
    Tensor ofSource(Tensor rows) {
        return torch.embedding(rows, from, -1, false, false);
    }

    /** [N, width] for each atom the sum of the rows of the edges to it, of [E, width]. */
    Tensor toAtoms(Tensor ofEdges) {
        return sum(ofEdges, own, edgeOffsets);
    }

    /** [M, width] the rows of each molecule's atoms pooled, of [N, width]. */
    Tensor pool(Tensor ofAtoms, MoleculePooling pooling) {
        return switch (pooling) {
            case SUM -> sum(ofAtoms, places, atomOffsets);
            case MEAN -> sum(ofAtoms, places, atomOffsets).div(sizes);
        };
    }

    private static Tensor sum(Tensor rows, Tensor index, Tensor offsets) {
        // What get0 returns owns nothing: its alias does.
        return torch.embedding_bag(rows, index, offsets, false, SUM, false, new TensorOptional(), true)
                .get0()
                .alias();
    }

    @Override
    public void close() {
        for (Tensor tensor : List.of(atoms, bonds, from, own, edgeOffsets, places, atomOffsets, sizes)) {
            tensor.close();
        }
    }
}
