package org.celllm.network;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.celllm.network.runtime.Precision;
import org.celllm.network.weights.PublishedWeights;
import org.celllm.network.weights.PyTorchCheckpoint;
import org.junit.jupiter.api.Assumptions;

/** One folder of figures computed with the published code; tests that ask for it are skipped where it is absent. */
final class Reference {
    final Path folder;
    final JsonNode meta;

    private Reference(Path folder) throws IOException {
        this.folder = folder;
        this.meta = new ObjectMapper().readTree(folder.resolve("meta.json").toFile());
    }

    static Reference open(String name) throws IOException {
        Path folder = Path.of(System.getProperty("celllm.shared", "../shared"))
                .resolve("reference")
                .resolve(name);
        Assumptions.assumeTrue(
                Files.isDirectory(folder), () -> "skipped: the reference figures " + folder + " are not here");
        return new Reference(folder);
    }

    int maxLength() {
        return meta.get("max_seq_len").asInt();
    }

    CellLanguageModel model(Precision precision) throws IOException {
        Path path = folder.resolve("checkpoint.pth");
        try (PyTorchCheckpoint checkpoint = PyTorchCheckpoint.open(path)) {
            return PublishedWeights.in(checkpoint, path).model(maxLength(), precision);
        }
    }

    /** The reference's cells, binned and cut as the published code does. */
    CellSequences cells() throws IOException {
        NpyArray expression = NpyArray.read(folder.resolve("expression.npy"));
        int cells = expression.shape()[0];
        int genes = expression.shape()[1];
        int[] offsets = new int[cells + 1];
        int[] gene = new int[cells * genes];
        int[] token = new int[cells * genes];
        int n = 0;
        for (int cell = 0; cell < cells; cell++) {
            for (int g = 0; g < genes; g++) {
                double value = expression.values()[cell * genes + g];
                if (value > 0) {
                    gene[n] = g;
                    token[n++] = (int) Math.min(value, meta.get("num_tokens").asInt() - 3);
                }
            }
            offsets[cell + 1] = n;
        }
        return new CellSequences(cells, offsets, gene, token).truncate(maxLength(), LengthRule.FIRST_GENES);
    }

    NpyArray array(String name) throws IOException {
        return NpyArray.read(folder.resolve(name));
    }
}
