package org.celllm.app;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.celllm.data.files.Sha256;
import org.celllm.data.genes.GeneTable;
import org.celllm.data.genes.GeneTableFiles;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** From a network of interactions to a model that starts from it, through the command line alone. */
class GenesEmbedTest {
    @TempDir
    Path folder;

    @Test
    void aNetworkBecomesGeneEmbeddingsThatStartATraining() throws IOException {
        Path cells = folder.resolve("cells.h5ad");
        Path corpus = folder.resolve("corpus");
        run("simulate", "--cells", 60, "--genes", 300, "--out", cells);
        run("corpus", "build", cells, "--out", corpus);
        List<String> names = Files.readAllLines(corpus.resolve("genes.tsv"));
        StringBuilder text = new StringBuilder("gene1\tgene2\tcombined_score\n");
        // A ring of the first 200 genes, and weaker links that do not count.
        for (int gene = 1; gene <= 200; gene++) {
            text.append(names.get(gene))
                    .append('\t')
                    .append(names.get(gene % 200 + 1))
                    .append("\t900\n");
            text.append(names.get(gene)).append('\t').append("WEAK").append("\t150\n");
        }
        Path network = Files.writeString(folder.resolve("network.tsv"), text);
        Path genes = folder.resolve("genes");
        Path figures = folder.resolve("figures.json");
        CommandLineRun embedded = CommandLineRun.of(
                "genes",
                "embed",
                "--ppi",
                network,
                "--dim",
                64,
                "--epochs",
                3,
                "--threads",
                1,
                "--out",
                genes,
                "--json",
                figures);
        assertThat(embedded.code()).as(embedded.err()).isZero();
        assertThat(embedded.out()).contains("left out: score too low");
        GeneTable table = GeneTableFiles.read(genes);
        assertThat(table.dim()).isEqualTo(64);
        assertThat(table.genes().size()).isEqualTo(200);
        assertThat(table.genes().indexOf("WEAK")).isNegative();

        JsonNode made =
                new ObjectMapper().readTree(genes.resolve("provenance.json").toFile());
        assertThat(made.at("/network/sha256").asText()).isEqualTo(Sha256.of(network));
        assertThat(made.at("/network/minScore").asDouble()).isEqualTo(400);
        assertThat(made.at("/network/genes").asInt()).isEqualTo(200);
        assertThat(made.at("/network/interactions").asInt()).isEqualTo(200);
        assertThat(made.at("/network/belowMinScore").asInt()).isEqualTo(200);
        assertThat(made.at("/settings/epochs").asInt()).isEqualTo(3);
        assertThat(made.at("/settings/seed").asInt()).isEqualTo(1);
        JsonNode figure = new ObjectMapper().readTree(figures.toFile());
        assertThat(figure.get("sha256").asText()).isEqualTo(table.sha256());

        Path again = folder.resolve("again");
        run("genes", "embed", "--ppi", network, "--dim", 64, "--epochs", 3, "--threads", 1, "--out", again);
        assertThat(contents(again)).isEqualTo(contents(genes));

        Path plain = folder.resolve("plain");
        run("genes", "embed", "--ppi", network, "--dim", 256, "--method", "spectral", "--threads", 1, "--out", plain);
        GeneTable spectrum = GeneTableFiles.read(plain);
        // 200 genes have 200 eigenvectors at most; the other columns are zeros.
        assertThat(spectrum.dim()).isEqualTo(256);
        assertThat(spectrum.sha256()).isNotEqualTo(table.sha256());
        CommandLineRun passes = CommandLineRun.of(
                "genes",
                "embed",
                "--ppi",
                network,
                "--method",
                "spectral",
                "--epochs",
                3,
                "--out",
                folder.resolve("no"));
        assertThat(passes.code()).isEqualTo(2);
        assertThat(passes.err()).contains("--epochs").contains("spectral");
        run("genes", "embed", "--ppi", network, "--dim", 64, "--epochs", 3, "--seed", 2, "--out", again, "--force");
        assertThat(GeneTableFiles.read(again).sha256()).isNotEqualTo(table.sha256());

        Path model = folder.resolve("model");
        run("pretrain", corpus, "--steps", 1, "--batch", 8, "--gene-embeddings", genes, "--out", model);
        assertThat(Files.readString(model.resolve("provenance.json"))).contains(table.sha256());
    }

    @Test
    void stringsOwnFilesAreTakenTogether() throws IOException {
        Path links = Files.writeString(
                folder.resolve("links.txt"),
                "protein1 protein2 combined_score\n9606.P1 9606.P2 999\n9606.P2 9606.P1 999\n9606.P2 9606.P3 700\n");
        Path info = Files.writeString(
                folder.resolve("info.txt"),
                "#string_protein_id\tpreferred_name\n9606.P1\tTP53\n9606.P2\tMDM2\n9606.P3\tATM\n");
        Path genes = folder.resolve("genes");
        run("genes", "embed", "--ppi", links, "--info", info, "--dim", 8, "--epochs", 2, "--out", genes);
        assertThat(GeneTableFiles.read(genes).genes().names()).containsExactly("ATM", "MDM2", "TP53");
        refused("exists already", "--ppi", links, "--info", info, "--out", genes);
    }

    @Test
    void whatCannotBeUsedIsRefusedAndLeavesNothing() throws IOException {
        Path pairs = Files.writeString(folder.resolve("pairs.tsv"), "A\tB\t500\nB\tC\t500\n");
        Path out = folder.resolve("out");
        refused("no such file", "--ppi", folder.resolve("none.tsv"), "--out", out);
        refused("highest is 500", "--ppi", pairs, "--min-score", 600, "--out", out);
        refused("--min-score", "--ppi", pairs, "--min-score", -1, "--out", out);
        refused("--threads", "--ppi", pairs, "--threads", 0, "--out", out);
        refused("width of 0", "--ppi", pairs, "--dim", 0, "--out", out);
        refused("line 1", "--ppi", Files.writeString(folder.resolve("one.tsv"), "A\n"), "--out", out);
        refused("input itself", "--ppi", pairs, "--out", pairs, "--force");
        refused("--ppi", "--out", out);
        assertThat(out).doesNotExist();
    }

    private static void refused(String says, Object... arguments) {
        CommandLineRun run = CommandLineRun.of(
                Stream.concat(Stream.of("genes", "embed"), Stream.of(arguments)).toArray());
        assertThat(run.code()).isEqualTo(2);
        assertThat(run.err()).contains(says);
    }

    private static List<String> contents(Path folder) throws IOException {
        try (Stream<Path> files = Files.list(folder)) {
            return files.map(file -> {
                        try {
                            return file.getFileName() + " " + Sha256.of(file);
                        } catch (IOException e) {
                            throw new UncheckedIOException(e);
                        }
                    })
                    .sorted()
                    .collect(Collectors.toList());
        }
    }

    private static void run(Object... arguments) {
        CommandLineRun run = CommandLineRun.of(arguments);
        assertThat(run.code()).as(run.err()).isZero();
    }
}
