package org.celllm.data.genes;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import org.celllm.data.InputException;
import org.jspecify.annotations.Nullable;

/**
 * The gene names of an annotation such as GENCODE's: a name for each Ensembl id. Several ids may go by one name. An id
 * that is named by itself, or by two names, has none here. Immutable, thread safe.
 */
public final class GencodeTable {
    private static final Set<String> ID_HEADERS =
            Set.of("gene_id", "geneid", "id", "gene_stable_id", "gene_stable_id_version", "ensembl_gene_id", "ensembl");
    private static final Set<String> NAME_HEADERS =
            Set.of("gene_name", "genename", "name", "symbol", "gene_symbol", "gene", "external_gene_name");

    private static final String REMEDY = "Make a csv of two columns, Ensembl id and name, from the annotation's genes";

    private final Map<String, String> names = new HashMap<>();
    private final Map<String, List<String>> ids = new HashMap<>();

    private GencodeTable() {}

    /**
     * Reads a csv or tsv, gzipped or not: with a header that names a column of ids and one of names, or without a
     * header in two columns of which one holds Ensembl ids.
     *
     * @throws InputException when it is empty, lacks the columns, or breaks off
     */
    public static GencodeTable read(Path file) throws IOException {
        GencodeTable table = new GencodeTable();
        try (NameRows rows = new NameRows(file, "a table of Ensembl ids and gene names")) {
            List<String> first = rows.header();
            int id = column(first, ID_HEADERS);
            int name = column(first, NAME_HEADERS);
            boolean header = id >= 0 && name >= 0;
            if (!header) {
                id = first.size() == 2 ? ensembl(first) : -1;
                name = 1 - id;
            }
            if (id < 0) {
                throw rows.error()
                        .found(first.size() == 9 ? "looks like a line of a GTF" : "names no columns that are known")
                        .expected("a header with gene_id and gene_name, or an Ensembl id and a name a line")
                        .remedy(REMEDY)
                        .build();
            }
            if (!header) {
                table.add(first.get(id), first.get(name));
            }
            for (List<String> row = rows.next(); row != null; row = rows.next()) {
                rows.require(row, Math.max(id, name) + 1);
                if (IdentifierKind.of(row.get(id)) == IdentifierKind.ENSEMBL) {
                    table.add(row.get(id), row.get(name));
                } else if (!row.get(id).isEmpty()) {
                    throw rows.error()
                            .found("holds \"" + row.get(id) + "\" where an id should be")
                            .expected("Ensembl gene ids, such as ENSG00000141510")
                            .remedy(REMEDY)
                            .build();
                }
            }
            if (table.names.isEmpty()) {
                throw rows.error()
                        .found("no gene has come until the end")
                        .expected("an Ensembl id and a name a line")
                        .remedy(REMEDY)
                        .build();
            }
        }
        table.index();
        return table;
    }

    private static int column(List<String> header, Set<String> known) {
        for (int i = 0; i < header.size(); i++) {
            String name = header.get(i).toLowerCase(Locale.ROOT).replaceAll("[^a-z0-9]+", "_");
            if (known.contains(name)) {
                return i;
            }
        }
        return -1;
    }

    private static int ensembl(List<String> row) {
        for (int i = 0; i < row.size(); i++) {
            if (IdentifierKind.of(row.get(i)) == IdentifierKind.ENSEMBL) {
                return i;
            }
        }
        return -1;
    }

    private void add(String id, String name) {
        String bare = IdentifierKind.withoutVersion(id);
        String own = IdentifierKind.withoutVersion(name).equals(bare) ? "" : name;
        // The empty name marks an id without one, or with two.
        names.merge(bare, own, (one, other) -> one.equals(other) ? one : "");
    }

    private void index() {
        names.forEach((id, name) -> {
            if (!name.isEmpty()) {
                ids.computeIfAbsent(name, any -> new ArrayList<>(1)).add(id);
            }
        });
        ids.replaceAll((name, of) -> of.stream().sorted().toList());
    }

    /** How many ids. */
    public int size() {
        return names.size();
    }

    /** Whether the table has an id (without its version), named or not. */
    public boolean hasId(String id) {
        return names.containsKey(id);
    }

    /** The name of an id (without its version); {@code null} when there is none. */
    public @Nullable String name(String id) {
        String name = names.get(id);
        return name == null || name.isEmpty() ? null : name;
    }

    /** The ids that go by a name, sorted. */
    public List<String> ids(String name) {
        return ids.getOrDefault(name, List.of());
    }
}
