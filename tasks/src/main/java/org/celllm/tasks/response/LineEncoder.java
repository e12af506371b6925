package org.celllm.tasks.response;

import java.io.IOException;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import org.celllm.data.InputException;
import org.celllm.data.progress.Progress;
import org.celllm.tasks.embed.CellEmbedder;
import org.celllm.tasks.embed.CellFile;
import org.celllm.tasks.embed.EmbeddingStream;
import org.celllm.tasks.embed.FileEmbedding;

/** Expression profiles of cell lines through a cell language model: each profile is read as if it were a cell. */
public final class LineEncoder {
    private LineEncoder() {}

    /**
     * Encoded lines and how their file was read.
     *
     * @param lines [lines, dim]
     * @param reading which values and genes were found
     */
    public record Encoded(NamedFeatures lines, FileEmbedding reading) {}

    /**
     * Encodes the profiles of a file whose cells are the lines.
     *
     * @throws InputException when a name stands there twice, or the file cannot be read or mapped to the model's genes
     */
    public static Encoded encode(CellEmbedder embedder, CellFile profiles, Progress progress) throws IOException {
        List<String> names = profiles.cells().names();
        if (new HashSet<>(names).size() < names.size()) {
            throw InputException.about(profiles.path())
                    .found("has a line's name twice")
                    .expected("one profile a line")
                    .build();
        }
        List<float[]> rows = new ArrayList<>();
        FileEmbedding reading =
                EmbeddingStream.run(embedder, profiles, (batch, some) -> rows.addAll(List.of(some)), progress);
        List<String> columns = new ArrayList<>();
        for (int i = 0; i < embedder.dim(); i++) {
            columns.add("encoded " + i);
        }
        return new Encoded(new NamedFeatures(names, columns, rows.toArray(float[][]::new)), reading);
    }
}
