package org.celllm.data.corpus;

import com.fasterxml.jackson.core.JsonParseException;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.SerializationFeature;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.regex.Pattern;
import org.celllm.data.InputException;
import org.celllm.data.files.Sha256;

/**
 * What a corpus consists of: {@code manifest.json}. It holds no date and nothing of the machine, so the same sources
 * and settings give the same bytes.
 *
 * @param format {@code "celllm-corpus"}
 * @param version 1
 * @param hash SHA-256 over the genes' and all shards' checksums; changes when any cell does
 * @param cells cells in all
 * @param nonzeros values in all
 * @param genes genes of the vocabulary
 * @param genesSha256 checksum of {@code genes.tsv}
 * @param geneRule where the vocabulary comes from, for people
 * @param minGenes filter: expressed genes of the vocabulary a cell must have
 * @param minCounts filter: counts a cell must have, where values are counts
 * @param tissues names of tissues; the number stored for a cell counts from 1, 0 is unknown
 * @param labels names of labels, numbered in the same way; those of sources that were removed stay
 * @param sources what each source gave, in order
 * @param shards the files with the cells, in order
 */
public record CorpusManifest(
        String format,
        int version,
        String hash,
        long cells,
        long nonzeros,
        int genes,
        String genesSha256,
        String geneRule,
        int minGenes,
        long minCounts,
        List<String> tissues,
        List<String> labels,
        List<SourceReport> sources,
        List<Shard> shards) {
    static final String FORMAT = "celllm-corpus";
    static final int VERSION = 1;

    private static final long LONGEST = 256L << 20;
    private static final Pattern PLAIN_NAME = Pattern.compile("shard-\\d{1,9}\\.safetensors");
    private static final JsonMapper JSON = JsonMapper.builder()
            .enable(SerializationFeature.INDENT_OUTPUT)
            .enable(DeserializationFeature.FAIL_ON_NULL_FOR_PRIMITIVES)
            .enable(DeserializationFeature.FAIL_ON_MISSING_CREATOR_PROPERTIES)
            .disable(DeserializationFeature.FAIL_ON_UNKNOWN_PROPERTIES)
            .build();

    public CorpusManifest {
        tissues = List.copyOf(tissues);
        labels = List.copyOf(labels);
        sources = List.copyOf(sources);
        shards = List.copyOf(shards);
    }

    /**
     * One file of cells, all of one source.
     *
     * @param file its name below {@code shards/}
     * @param source index of the source
     * @param cells cells
     * @param nonzeros values
     * @param counts whether values are whole counts (U16) rather than F32
     * @param bytes size of the file
     * @param sha256 its checksum
     */
    public record Shard(String file, int source, int cells, long nonzeros, boolean counts, long bytes, String sha256) {
        /** The number in its name. */
        int number() {
            return Integer.parseInt(file.replaceAll("\\D", ""));
        }

        /** The same, of a source with another index. */
        Shard of(int source) {
            return new Shard(file, source, cells, nonzeros, counts, bytes, sha256);
        }
    }

    /** The manifest of these sources and shards. */
    static CorpusManifest of(
            int genes,
            String genesSha256,
            String geneRule,
            int minGenes,
            long minCounts,
            List<String> tissues,
            List<String> labels,
            List<SourceReport> sources,
            List<Shard> shards) {
        StringBuilder content = new StringBuilder(genesSha256);
        for (Shard shard : shards) {
            content.append('\n').append(shard.sha256).append(' ').append(shard.source);
            content.append(' ').append(sources.get(shard.source).state());
        }
        return new CorpusManifest(
                FORMAT,
                VERSION,
                Sha256.of(content.toString().getBytes(StandardCharsets.UTF_8)),
                shards.stream().mapToLong(Shard::cells).sum(),
                shards.stream().mapToLong(Shard::nonzeros).sum(),
                genes,
                genesSha256,
                geneRule,
                minGenes,
                minCounts,
                tissues,
                labels,
                sources,
                shards);
    }

    /** The same corpus with other sources. */
    CorpusManifest with(List<String> tissues, List<String> labels, List<SourceReport> sources, List<Shard> shards) {
        return of(genes, genesSha256, geneRule, minGenes, minCounts, tissues, labels, sources, shards);
    }

    /** Cells that have a label. */
    public long labelled() {
        return sources.stream().mapToLong(SourceReport::labelled).sum();
    }

    /**
     * Reads and checks a manifest.
     *
     * @throws InputException when the folder is no corpus, or the manifest contradicts itself
     */
    static CorpusManifest read(Path folder) throws IOException {
        Path file = folder.resolve("manifest.json");
        if (!Files.isDirectory(folder) || !Files.isRegularFile(file)) {
            throw InputException.about(folder)
                    .found(Files.exists(folder) ? "is not a corpus: it has no manifest.json" : "does not exist")
                    .expected("a folder that 'celllm corpus build' made")
                    .build();
        }
        if (Files.size(file) > LONGEST) {
            throw bad(file, "is longer than any manifest").build();
        }
        CorpusManifest manifest;
        try {
            if (!(JSON.readTree(Files.readAllBytes(file)) instanceof ObjectNode object)) {
                throw bad(file, "is no JSON object").build();
            }
            addMissingLabels(object);
            manifest = JSON.treeToValue(object, CorpusManifest.class);
        } catch (JsonProcessingException e) {
            String why = e instanceof JsonParseException
                    ? "is damaged or cut short: no valid JSON"
                    : "cannot be read: " + e.getOriginalMessage();
            throw bad(file, why).build(e);
        }
        if (!manifest.format.equals(FORMAT) || manifest.version != VERSION) {
            throw bad(file, "describes '" + manifest.format + "' version " + manifest.version)
                    .expected("'" + FORMAT + "' version " + VERSION)
                    .build();
        }
        long cells = 0;
        long nonzeros = 0;
        for (Shard shard : manifest.shards) {
            if (!PLAIN_NAME.matcher(shard.file).matches()
                    || shard.cells < 0
                    || shard.nonzeros < 0
                    || shard.source < 0
                    || shard.source >= manifest.sources.size()) {
                throw bad(file, "shard '" + shard.file + "' is described wrongly")
                        .build();
            }
            cells += shard.cells;
            nonzeros += shard.nonzeros;
        }
        if (cells != manifest.cells || nonzeros != manifest.nonzeros) {
            throw bad(file, "its shards have " + cells + " cells, it says " + manifest.cells)
                    .build();
        }
        return manifest;
    }

    /** Adds what manifests lack that were written before cells had labels. */
    private static void addMissingLabels(ObjectNode manifest) {
        if (manifest.has("labels")) {
            return;
        }
        manifest.putArray("labels");
        for (JsonNode source : manifest.path("sources")) {
            if (source instanceof ObjectNode report) {
                report.put("labelled", 0);
            }
        }
    }

    /** The text of {@code manifest.json}. */
    String toJson() {
        try {
            return JSON.writeValueAsString(this) + "\n";
        } catch (JsonProcessingException e) {
            throw new IllegalStateException(e);
        }
    }

    private static InputException.Builder bad(Path file, String found) {
        return InputException.about(file).found(found).remedy("Build the corpus again");
    }
}
