package org.celllm.data.genes;

import java.io.BufferedReader;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import org.celllm.data.InputException;
import org.celllm.data.files.SafeFiles;
import org.celllm.data.files.TextFiles;

/**
 * Reads and writes vocabularies: one gene name a line, or a table (tab or comma) with a header in which a column
 * {@code gene} or {@code gene_name} holds the names. A model's {@code genes.tsv} is written with the header
 * {@code gene}.
 */
public final class GeneVocabularyFiles {
    private static final Set<String> HEADERS = Set.of("gene", "gene_name", "genes", "symbol", "gene_symbol");

    private static final int LONGEST_NAME = 200;

    private GeneVocabularyFiles() {}

    /**
     * Reads a vocabulary, gzipped or not.
     *
     * @throws InputException when it is empty, too long, or names a gene twice
     */
    public static GeneVocabulary read(Path file) throws IOException {
        List<String> names = new ArrayList<>();
        Set<String> seen = new HashSet<>();
        try (BufferedReader lines = TextFiles.reader(file)) {
            int column = 0;
            int number = 0;
            for (String line = lines.readLine(); line != null; line = lines.readLine()) {
                number++;
                String[] fields = line.split("[\t,]", -1);
                int header = number == 1 ? headerColumn(fields) : -1;
                if (header >= 0) {
                    column = header;
                    continue;
                }
                String name = column < fields.length
                        ? fields[column].replace("\"", "").strip()
                        : "";
                if (name.isEmpty() && line.isBlank()) {
                    continue;
                }
                requireName(file, number, name, seen);
                names.add(name);
            }
        }
        if (names.isEmpty()) {
            throw InputException.about(file)
                    .found("holds no gene names")
                    .expected("one gene name a line")
                    .build();
        }
        return new GeneVocabulary(names);
    }

    private static int headerColumn(String[] fields) {
        List<String> lower = Arrays.stream(fields)
                .map(field -> field.replace("\"", "").strip().toLowerCase(Locale.ROOT))
                .toList();
        for (int i = 0; i < lower.size(); i++) {
            if (HEADERS.contains(lower.get(i))) {
                return i;
            }
        }
        return -1;
    }

    private static void requireName(Path file, int line, String name, Set<String> seen) {
        String problem = null;
        if (name.isEmpty()) {
            problem = "has no gene name";
        } else if (name.length() > LONGEST_NAME || name.indexOf('\0') >= 0) {
            problem = "is no gene name";
        } else if (!seen.add(name)) {
            problem = "names " + name + " a second time";
        } else if (seen.size() > GeneVocabulary.MOST_GENES) {
            problem = "is one gene too many";
        }
        if (problem != null) {
            throw InputException.about(file)
                    .at("line " + line)
                    .found(problem)
                    .expected("one gene a line, each once, " + GeneVocabulary.MOST_GENES + " at most")
                    .build();
        }
    }

    /** Writes a vocabulary with the header {@code gene}. */
    public static void write(Path file, GeneVocabulary vocabulary) throws IOException {
        SafeFiles.text(file, "gene\n" + String.join("\n", vocabulary.names()) + "\n");
    }
}
