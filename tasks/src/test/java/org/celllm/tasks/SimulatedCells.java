package org.celllm.tasks;

import java.io.IOException;
import java.nio.file.Path;
import org.celllm.data.cells.CellBatch;
import org.celllm.data.genes.GeneVocabulary;
import org.celllm.data.matrix.CellBlock;
import org.celllm.data.progress.Progress;
import org.celllm.data.simulate.SimulationSettings;
import org.celllm.data.simulate.Simulator;
import org.celllm.data.tokens.ValueState;
import org.celllm.network.CellLanguageModel;
import org.celllm.network.ModelOptions;
import org.celllm.network.NetworkConfig;
import org.celllm.network.PaddingMode;
import org.celllm.network.runtime.Precision;
import org.celllm.network.weights.ModelFolder;

/** Simulated cells and untrained models for tests. */
public final class SimulatedCells {
    private SimulatedCells() {}

    /** A small tissue of four types over 300 genes. */
    public static Simulator of(int cells, long seed) {
        return new Simulator(SimulationSettings.of(cells, seed).withGenes(300).withTypes(4));
    }

    /** Writes such cells as {@code .h5ad}. */
    public static Path write(Path target, int cells, long seed) throws IOException {
        of(cells, seed).write(target, Progress.SILENT);
        return target;
    }

    /** The cells as a batch over the simulator's genes. */
    public static CellBatch batch(Simulator simulator) {
        CellBlock block = simulator.cells(0, simulator.settings().cells());
        int n = block.cells();
        char[] genes = new char[block.offsets()[n]];
        double[] totals = new double[n];
        long[] rows = new long[n];
        ValueState[] states = new ValueState[n];
        for (int cell = 0; cell < n; cell++) {
            for (int i = block.offsets()[cell]; i < block.offsets()[cell + 1]; i++) {
                genes[i] = (char) block.genes()[i];
                totals[cell] += block.values()[i];
            }
            rows[cell] = cell;
            states[cell] = ValueState.COUNTS;
        }
        float[] values = java.util.Arrays.copyOf(block.values(), genes.length);
        return new CellBatch(
                n, block.offsets(), genes, values, totals, states, new byte[n], new int[n], new int[n], rows);
    }

    /** An untrained network over some genes. */
    public static NetworkConfig network(int genes, int maxLength) {
        return new NetworkConfig(16, 1, 2, 8, 0, 2, 8, genes, maxLength, false, PaddingMode.NONE, 0);
    }

    /** Writes an untrained model over the simulator's genes. */
    public static Path model(Path folder, Simulator simulator) throws IOException {
        GeneVocabulary genes = new GeneVocabulary(simulator.genes());
        try (CellLanguageModel model =
                CellLanguageModel.create(network(genes.size(), 512), ModelOptions.PUBLISHED, 11, Precision.FLOAT32)) {
            ModelFolder.write(
                    folder, model, genes, com.fasterxml.jackson.databind.node.JsonNodeFactory.instance.objectNode());
        }
        return folder;
    }
}
