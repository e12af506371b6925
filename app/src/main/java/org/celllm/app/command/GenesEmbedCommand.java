package org.celllm.app.command;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.OptionalDouble;
import java.util.concurrent.Callable;
import org.celllm.app.console.Console;
import org.celllm.app.console.Spans;
import org.celllm.app.report.Figures;
import org.celllm.data.InputException;
import org.celllm.data.files.Sha256;
import org.celllm.data.genes.GeneTable;
import org.celllm.data.genes.GeneTableFiles;
import org.celllm.data.interactions.InteractionFile;
import org.celllm.data.interactions.ProteinNames;
import org.celllm.network.runtime.ResidentMemory;
import org.celllm.training.genes.network.GeneNetworkEmbedding;
import org.celllm.training.genes.network.GeneNetworkSettings;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** {@code celllm genes embed}: a network of protein interactions becomes gene embeddings. */
@Command(
        name = "embed",
        mixinStandardHelpOptions = true,
        description =
                "Learns gene embeddings from a network of protein interactions, by a masked graph autoencoder or from"
                        + " the network's spectrum alone.",
        footer = {
            "",
            "Genes that the network lacks begin as random numbers in `celllm pretrain --gene-embeddings`.",
            "",
            "Examples:",
            "  celllm genes embed --ppi 9606.protein.links.v12.0.txt.gz --info 9606.protein.info.v12.0.txt.gz --out genes",
            "  celllm genes embed --ppi pairs.tsv --dim 64 --out genes"
        })
final class GenesEmbedCommand implements Callable<Integer> {
    /** How genes are embedded, as it is written on the command line. */
    enum Method {
        graphmae,
        spectral
    }

    private final Console console;

    @Option(
            names = "--ppi",
            required = true,
            paramLabel = "FILE",
            description = "STRING's protein.links, or a table of two gene symbols and a score a line; gzipped or not.")
    Path ppi;

    @Option(
            names = "--info",
            paramLabel = "FILE",
            description = "STRING's protein.info, which names the proteins of protein.links.")
    @Nullable
    Path info;

    @Option(
            names = "--min-score",
            paramLabel = "S",
            description = "The least score that counts (default: 400 where there are scores).")
    @Nullable
    Double minScore;

    @Option(
            names = "--dim",
            paramLabel = "WIDTH",
            defaultValue = "512",
            description = "Numbers a gene: the width of the network to pre-train, 64 for tiny, 128 for small, 512 for"
                    + " published (default: ${DEFAULT-VALUE}).")
    int dim;

    @Option(
            names = "--method",
            paramLabel = "METHOD",
            defaultValue = "graphmae",
            description = "${COMPLETION-CANDIDATES}: a masked graph autoencoder over the network's spectrum, or the"
                    + " spectrum itself, which tells held-out interactions as well (default: ${DEFAULT-VALUE}).")
    Method method = Method.graphmae;

    @Option(
            names = "--epochs",
            paramLabel = "N",
            description = "Passes over the network, of graphmae (default: " + GeneNetworkSettings.USUAL_EPOCHS + ").")
    @Nullable
    Integer epochs;

    @Option(
            names = "--seed",
            paramLabel = "N",
            defaultValue = "1",
            description = "Decides everything random (default: ${DEFAULT-VALUE}).")
    long seed;

    @Mixin
    ThreadsOption threads;

    @Mixin
    OutputOption out;

    @Mixin
    JsonOption json;

    GenesEmbedCommand(Console console) {
        this.console = console;
    }

    @Override
    public Integer call() throws IOException {
        long start = System.nanoTime();
        Path target = out.freeFolder(FolderKind.GENES);
        if (method == Method.spectral && epochs != null) {
            throw InputException.about("--epochs")
                    .found("is given with --method spectral, which makes no passes")
                    .remedy("Leave one of the two out")
                    .build();
        }
        int passes = epochs == null ? GeneNetworkSettings.USUAL_EPOCHS : epochs;
        GeneNetworkSettings settings =
                Checked.option("--dim, --epochs", () -> GeneNetworkSettings.usual(dim, passes, seed));
        int workers = threads.count();
        requireScore();
        InteractionFile.Contents contents = InteractionFile.read(
                ppi,
                info == null ? null : ProteinNames.read(info),
                minScore == null ? OptionalDouble.empty() : OptionalDouble.of(minScore));
        console.notice("network: " + Figures.whole(contents.network().genes().size()) + " genes, "
                + Figures.whole(contents.network().edges()) + " interactions");
        GeneTable table;
        ObjectNode provenance = provenance(contents);
        if (method == Method.spectral) {
            table = GeneNetworkEmbedding.spectral(contents.network(), dim, seed, workers, console.progress());
            provenance.putObject("settings").put("dim", dim).put("seed", seed);
        } else {
            GeneNetworkEmbedding.Result result =
                    GeneNetworkEmbedding.embed(contents.network(), settings, workers, console.progress());
            table = result.table();
            provenance.set("settings", new ObjectMapper().valueToTree(settings));
            provenance.put("firstError", result.firstError()).put("lastError", result.lastError());
        }
        GeneTableFiles.write(
                target,
                table,
                new ObjectMapper().writerWithDefaultPrettyPrinter().writeValueAsString(provenance) + "\n");
        double seconds = (System.nanoTime() - start) / 1e9;
        show(contents, table, provenance, seconds);
        console.line("gene embeddings: " + target);
        provenance.put("out", target.toString());
        provenance.put("sha256", table.sha256());
        provenance.put("seconds", seconds);
        provenance.put("peakResidentBytes", ResidentMemory.peak().orElse(0));
        json.write(provenance);
        return 0;
    }

    private void requireScore() {
        Double least = minScore;
        if (least != null && !(least >= 0 && least < Double.POSITIVE_INFINITY)) {
            throw InputException.about("--min-score " + least)
                    .found("no score")
                    .expected("0 or more; STRING's go from 0 to 1000")
                    .build();
        }
    }

    private void show(InteractionFile.Contents contents, GeneTable table, ObjectNode provenance, double seconds) {
        List<List<String>> rows = new ArrayList<>(List.of(
                List.of("method", method.name()),
                List.of("genes", Figures.whole(table.genes().size())),
                List.of("numbers a gene", Figures.whole(table.dim())),
                List.of("interactions", Figures.whole(contents.network().edges())),
                List.of("left out: score too low", Figures.whole(contents.below())),
                List.of("left out: protein without a name", Figures.whole(contents.unknown())),
                List.of("left out: said twice, or of a gene with itself", Figures.whole(contents.repeated()))));
        if (provenance.has("firstError")) {
            rows.add(List.of(
                    "error, first and last pass",
                    String.format(
                            Locale.ROOT,
                            "%.3f, %.3f",
                            provenance.get("firstError").asDouble(),
                            provenance.get("lastError").asDouble())));
        }
        rows.add(List.of("time", Spans.of(Duration.ofMillis(Math.round(seconds * 1000)))));
        console.table(List.of("what", "value"), rows);
    }

    private ObjectNode provenance(InteractionFile.Contents contents) throws IOException {
        ObjectNode node = JsonNodeFactory.instance.objectNode();
        node.put("madeBy", "celllm genes embed").put("method", method.name());
        ObjectNode network = node.putObject("network");
        network.put("file", ppi.toString());
        network.put("sha256", Sha256.of(ppi));
        if (info != null) {
            network.put("info", info.toString());
            network.put("infoSha256", Sha256.of(info));
        }
        contents.minScore().ifPresent(score -> network.put("minScore", score));
        network.put("genes", contents.network().genes().size());
        network.put("interactions", contents.network().edges());
        network.put("belowMinScore", contents.below());
        network.put("unnamed", contents.unknown());
        network.put("repeated", contents.repeated());
        node.put("threads", threads.count());
        return node;
    }
}
