package org.celllm.tasks.embed;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import org.celllm.data.simulate.Simulator;
import org.celllm.tasks.SimulatedCells;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The README's example, compiled and run. */
class EmbedAMatrixExampleTest {
    @Test
    void tenLinesEmbedAMatrix(@TempDir Path folder) throws IOException {
        Simulator simulator = SimulatedCells.of(10, 1);
        Path model = SimulatedCells.model(folder.resolve("model"), simulator);
        String first = simulator.genes().get(0);
        String second = simulator.genes().get(1);
        // readme:begin
        List<String> genes = List.of(first, second, "a gene the model does not know");
        float[][] counts = {
            {4, 0, 1}, // one row a cell, raw counts
            {0, 7, 2}
        };
        float[][] embedding; // [cells][dim]
        try (CellEmbedder embedder = CellEmbedder.open(model, EmbedSettings.usual())) {
            embedding = embedder.embed(counts, genes); // any number of threads may call this
        }
        // readme:end
        assertThat(embedding).hasDimensions(2, 16);
    }
}
