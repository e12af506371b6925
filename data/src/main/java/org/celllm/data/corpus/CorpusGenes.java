package org.celllm.data.corpus;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import org.celllm.data.InputException;
import org.celllm.data.files.Sha256;
import org.celllm.data.genes.GeneVocabulary;
import org.celllm.data.tokens.ValueState;

/** The vocabulary inside a corpus: {@code genes.tsv}, a header {@code gene} and one name a line. */
final class CorpusGenes {
    private static final long LONGEST = 64L << 20;

    private CorpusGenes() {}

    /** The content of {@code genes.tsv}. */
    static byte[] text(GeneVocabulary genes) {
        return ("gene\n" + String.join("\n", genes.names()) + "\n").getBytes(StandardCharsets.UTF_8);
    }

    static GeneVocabulary read(Path folder, CorpusManifest manifest) throws IOException {
        Path file = folder.resolve("genes.tsv");
        if (!Files.isRegularFile(file) || Files.size(file) > LONGEST) {
            throw InputException.about(file)
                    .found(Files.exists(file) ? "is longer than any vocabulary" : "is missing")
                    .remedy("Build the corpus again")
                    .build();
        }
        byte[] bytes = Files.readAllBytes(file);
        if (!Sha256.of(bytes).equals(manifest.genesSha256())) {
            throw InputException.about(file)
                    .found("has changed since the corpus was built")
                    .remedy("Build the corpus again: its shards count genes by their place in this file")
                    .build();
        }
        List<String> lines = Arrays.asList(new String(bytes, StandardCharsets.UTF_8).split("\n"));
        return new GeneVocabulary(lines.subList(1, lines.size()));
    }

    /** The state of that word. */
    static ValueState state(Path folder, String word) {
        for (ValueState state : ValueState.values()) {
            if (state.word().equals(word)) {
                return state;
            }
        }
        throw InputException.about(folder.resolve("manifest.json"))
                .found("knows no state of values called '" + word + "'")
                .build();
    }
}
