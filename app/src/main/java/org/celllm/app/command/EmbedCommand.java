package org.celllm.app.command;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.Callable;
import org.celllm.app.console.Console;
import org.celllm.app.report.Figures;
import org.celllm.data.InputException;
import org.celllm.tasks.embed.CellEmbedder;
import org.celllm.tasks.embed.EmbedSettings;
import org.celllm.tasks.embed.EmbeddingFiles;
import org.celllm.tasks.embed.FileEmbedding;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Parameters;

/** {@code celllm embed}: adds embeddings to a copy of a file. */
@Command(
        name = "embed",
        mixinStandardHelpOptions = true,
        description = "Writes a copy of FILE with obsm[\"X_celllm\"] and obs[\"celllm_mapped_fraction\"]; everything"
                + " else stays as it was. 10x and text files become a new .h5ad.",
        footer = {"", "Example:  celllm embed model cells.h5ad --out embedded.h5ad"})
final class EmbedCommand implements Callable<Integer> {
    private final Console console;

    @Parameters(index = "0", paramLabel = "MODEL", description = "The model's folder.")
    Path model;

    @Parameters(index = "1", paramLabel = "FILE", description = "The cells.")
    Path file;

    @Mixin
    OutputOption out;

    @Mixin
    EmbeddingOptions embedding;

    @Mixin
    ResumeOption resume;

    @Mixin
    JsonOption json;

    EmbedCommand(Console console) {
        this.console = console;
    }

    @Override
    public Integer call() throws Exception {
        Path target = out.freeFile();
        if (!target.toString().toLowerCase(Locale.ROOT).endsWith(".h5ad")) {
            throw InputException.about(target)
                    .found("does not end in .h5ad")
                    .expected("a copy of the cells with their embeddings, as .h5ad")
                    .remedy("Name the output cells.h5ad")
                    .build();
        }
        EmbedSettings settings = embedding.settings();
        try (CellEmbedder embedder = CellEmbedder.open(model, settings)) {
            FileEmbedding embedding = EmbeddingFiles.embedFile(embedder, file, target, resume.run(console));
            show(console, embedding);
            console.line("embeddings: obsm[\"" + EmbeddingFiles.OBSM + "\"] of " + target);
            json.write(JsonNodeFactory.instance
                    .objectNode()
                    .put("file", target.toString())
                    .put("cells", embedding.cells())
                    .put("dim", embedding.dim())
                    .put("pool", embedding.pooling().word())
                    .put("slot", embedding.choice().slot().name())
                    .put("values", embedding.choice().state().word())
                    .put("genesMapped", embedding.mapping().mapped())
                    .put("meanMappedFraction", embedding.meanMappedFraction())
                    .put("missingValues", embedding.missing())
                    .put("seconds", embedding.seconds())
                    .put("cellsPerSecond", embedding.cellsPerSecond()));
        }
        return 0;
    }

    /** What was read and how it mapped. */
    static void show(Console console, FileEmbedding embedding) {
        console.table(
                List.of("cells", "dim", "pool", "read", "genes mapped", "expression mapped", "cells/s"),
                List.of(List.of(
                        Figures.whole(embedding.cells()),
                        Figures.whole(embedding.dim()),
                        embedding.pooling().word(),
                        embedding.choice().slot().name() + " ("
                                + embedding.choice().state().word() + ")",
                        Figures.percent(embedding.mapping().mappedFraction()),
                        Figures.percent(embedding.meanMappedFraction()),
                        Figures.whole(Math.round(embedding.cellsPerSecond())))));
        console.line("genes: " + embedding.mapping().summary());
        if (embedding.missing() > 0) {
            console.line("note: values that are not numbers (NaN), read as 0: " + Figures.whole(embedding.missing()));
        }
    }
}
