package org.celllm.data.interactions;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;
import org.celllm.data.InputException;
import org.celllm.data.table.TextLines;
import org.jspecify.annotations.Nullable;

/** The genes of STRING's proteins: its {@code protein.info} (protein id, preferred name, then anything), with tabs. */
public final class ProteinNames {
    /** STRING has some 20,000 proteins an organism; a file of many organisms is not what is meant. */
    private static final int MOST_PROTEINS = 1_000_000;

    private final Map<String, String> names = new HashMap<>();

    private ProteinNames() {}

    /**
     * Reads the file, gzipped or not.
     *
     * @throws InputException when a line holds no two names, a protein stands twice, or there is none
     */
    public static ProteinNames read(Path file) throws IOException {
        ProteinNames proteins = new ProteinNames();
        try (TextLines lines = new TextLines(file)) {
            while (lines.next()) {
                String line = new String(lines.bytes(), 0, lines.length(), StandardCharsets.UTF_8);
                boolean header =
                        lines.number() == 1 && (line.startsWith("#") || line.startsWith("protein_external_id"));
                if (header || line.isBlank()) {
                    continue;
                }
                String[] fields = line.split("\t", 3);
                if (fields.length < 2 || fields[0].isBlank() || fields[1].isBlank()) {
                    throw lines.error()
                            .found("holds no protein with a name")
                            .expected("a protein's id, a tab and its preferred name, as in STRING's protein.info")
                            .remedy("Give the protein.info file of the same organism and release")
                            .build();
                }
                String id = fields[0].strip();
                if (proteins.names.put(id, fields[1].strip()) != null || proteins.names.size() > MOST_PROTEINS) {
                    throw lines.error()
                            .found(
                                    proteins.names.size() > MOST_PROTEINS
                                            ? "is one protein too many"
                                            : "names " + id + " a second time")
                            .expected("each protein of one organism once")
                            .build();
                }
            }
        }
        if (proteins.names.isEmpty()) {
            throw InputException.about(file)
                    .found("names no protein")
                    .expected("STRING's protein.info")
                    .build();
        }
        return proteins;
    }

    /** The gene of a protein, or {@code null} when the file does not know it. */
    public @Nullable String gene(String protein) {
        return names.get(protein);
    }

    /** How many proteins. */
    public int size() {
        return names.size();
    }
}
