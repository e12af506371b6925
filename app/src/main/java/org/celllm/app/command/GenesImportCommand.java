package org.celllm.app.command;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.Callable;
import org.celllm.app.console.Console;
import org.celllm.app.report.Figures;
import org.celllm.data.InputException;
import org.celllm.data.genes.GeneTable;
import org.celllm.data.genes.GeneTableFiles;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code celllm genes import}: gene2vec and the like become gene embeddings of ours. */
@Command(
        name = "import",
        mixinStandardHelpOptions = true,
        description = "Reads gene embeddings: a NumPy array beside a list of names, or a text of names and numbers.",
        footer = {
            "",
            "Examples:",
            "  celllm genes import gene2vec.npy --names genes.txt --out genes",
            "  celllm genes import gene2vec_dim_200.txt --out genes"
        })
final class GenesImportCommand implements Callable<Integer> {
    private final Console console;

    @Parameters(paramLabel = "FILE.npy|.txt", description = "[genes, dim] numbers, or a name and its numbers a line.")
    Path file;

    @Option(
            names = "--names",
            paramLabel = "FILE",
            description = "One gene name a line, in the order of the rows of a .npy.")
    @Nullable
    Path names;

    @Mixin
    OutputOption out;

    @Mixin
    JsonOption json;

    GenesImportCommand(Console console) {
        this.console = console;
    }

    @Override
    public Integer call() throws IOException {
        Path target = out.freeFolder(FolderKind.GENES);
        GeneTable table = read();
        GeneTableFiles.write(target, table);
        console.table(
                List.of("genes", "dim", "first names"),
                List.of(List.of(
                        Figures.whole(table.genes().size()),
                        Figures.whole(table.dim()),
                        String.join(
                                ", ",
                                table.genes()
                                        .names()
                                        .subList(0, Math.min(3, table.genes().size()))))));
        console.line("gene embeddings: " + target);
        json.write(JsonNodeFactory.instance
                .objectNode()
                .put("out", target.toString())
                .put("genes", table.genes().size())
                .put("dim", table.dim())
                .put("sha256", table.sha256()));
        return 0;
    }

    private GeneTable read() throws IOException {
        boolean numpy = file.toString().toLowerCase(Locale.ROOT).endsWith(".npy");
        Path list = names;
        if (numpy == (list == null)) {
            throw InputException.about(numpy ? file : Path.of("--names"))
                    .found(numpy ? "holds numbers without names" : "is for .npy files: a text names its genes itself")
                    .remedy(numpy ? "Give the genes of its rows with --names" : "Leave --names out")
                    .build();
        }
        return list == null ? GeneTableFiles.importText(file) : GeneTableFiles.importNumpy(file, list);
    }
}
