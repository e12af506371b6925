package org.celllm.app.command;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.Callable;
import org.celllm.app.console.Console;
import org.celllm.app.report.Figures;
import org.celllm.data.InputException;
import org.celllm.data.files.SafeFiles;
import org.celllm.data.genes.GeneVocabulary;
import org.celllm.data.genes.GeneVocabularyFiles;
import org.celllm.network.NetworkConfig;
import org.celllm.network.weights.PublishedWeights;
import org.celllm.network.weights.PyTorchCheckpoint;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code celllm import}: a published PyTorch checkpoint becomes a model. */
@Command(
        name = "import",
        mixinStandardHelpOptions = true,
        description = "Makes a model from a published PyTorch checkpoint. Nothing in the file can run.",
        footer = {"", "Example:  celllm import celllm.pth --genes genes.tsv --out model"})
final class ImportCommand implements Callable<Integer> {
    private final Console console;

    @Parameters(paramLabel = "CHECKPOINT.pth", description = "As torch.save writes it since PyTorch 1.6.")
    Path checkpoint;

    @Option(
            names = "--genes",
            required = true,
            paramLabel = "FILE",
            description = "One gene name a line, in the order of the gene table.")
    Path genes;

    @Option(
            names = "--max-length",
            paramLabel = "N",
            defaultValue = "6000",
            description = "Longest sequence, which the checkpoint does not tell (default: ${DEFAULT-VALUE}).")
    int maxLength;

    @Mixin
    OutputOption out;

    @Mixin
    JsonOption json;

    ImportCommand(Console console) {
        this.console = console;
    }

    @Override
    public Integer call() throws IOException {
        Path target = out.freeFolder(FolderKind.MODEL);
        GeneVocabulary vocabulary = GeneVocabularyFiles.read(genes);
        try (PyTorchCheckpoint opened = PyTorchCheckpoint.open(checkpoint)) {
            PublishedWeights weights = PublishedWeights.in(opened, checkpoint);
            NetworkConfig config = weights.config(maxLength);
            if (vocabulary.size() != config.genes()) {
                throw InputException.about(genes)
                        .found(Figures.whole(vocabulary.size()) + " genes")
                        .expected(Figures.whole(config.genes()) + ", as the gene table of " + checkpoint + " has")
                        .build();
            }
            ObjectNode provenance = JsonNodeFactory.instance
                    .objectNode()
                    .put("made_by", "celllm import")
                    .put("checkpoint", checkpoint.toString())
                    .put("checkpoint_bytes", Files.size(checkpoint))
                    .put("genes", genes.toString());
            SafeFiles.folder(target, folder -> weights.write(folder, maxLength, vocabulary, provenance));
            show(config, weights.others(config));
            json.write(JsonNodeFactory.instance
                    .objectNode()
                    .put("model", target.toString())
                    .put("parameters", config.parameters())
                    .put("dim", config.dim())
                    .put("depth", config.depth())
                    .put("heads", config.heads())
                    .put("genes", config.genes())
                    .put("maxLength", config.maxLength()));
        }
        return 0;
    }

    private void show(NetworkConfig config, List<String> others) {
        console.table(
                List.of("model", "dim", "depth", "heads", "genes", "parameters"),
                List.of(List.of(
                        out.path.toString(),
                        Figures.whole(config.dim()),
                        Figures.whole(config.depth()),
                        config.heads() + " × " + config.headDim(),
                        Figures.whole(config.genes()),
                        Figures.large((double) config.parameters()))));
        if (!others.isEmpty()) {
            console.line("kept in model.safetensors, as no part of the encoder: "
                    + String.join(", ", others.subList(0, Math.min(5, others.size())))
                    + (others.size() > 5 ? " and " + (others.size() - 5) + " more" : ""));
        }
    }
}
