package org.celllm.data.genes;

import java.io.IOException;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.SortedSet;
import java.util.TreeSet;
import org.celllm.data.InputException;
import org.jspecify.annotations.Nullable;

/**
 * The table of approved human gene names ({@code hgnc_complete_set.txt}): which approved genes go by a previous symbol, an
 * alias, an Ensembl id or an Entrez id. Says every gene a name may mean and chooses none. Immutable, thread safe.
 */
public final class HgncTable {
    private final Map<String, String> approved = new HashMap<>();
    private final Map<String, SortedSet<String>> previous = new HashMap<>();
    private final Map<String, SortedSet<String>> aliases = new HashMap<>();
    private final Map<String, SortedSet<String>> ensembl = new HashMap<>();
    private final Map<String, SortedSet<String>> entrez = new HashMap<>();

    private HgncTable() {}

    /**
     * Reads the table, gzipped or not. Entries that are withdrawn are left out.
     *
     * @throws InputException when it is empty, lacks the columns, or breaks off
     */
    public static HgncTable read(Path file) throws IOException {
        HgncTable table = new HgncTable();
        try (NameRows rows = new NameRows(file, "an HGNC table")) {
            List<String> header = rows.header();
            if (!header.containsAll(List.of("symbol", "prev_symbol", "alias_symbol"))) {
                throw rows.error()
                        .found("is not the header of an HGNC table")
                        .expected("tab-separated columns, among them symbol, alias_symbol and prev_symbol")
                        .remedy("Download hgnc_complete_set.txt from genenames.org")
                        .build();
            }
            int needed = 0;
            for (String column :
                    List.of("symbol", "status", "prev_symbol", "alias_symbol", "ensembl_gene_id", "entrez_id")) {
                needed = Math.max(needed, header.indexOf(column) + 1);
            }
            for (List<String> row = rows.next(); row != null; row = rows.next()) {
                rows.require(row, needed);
                table.add(header, row);
            }
            if (table.approved.isEmpty()) {
                throw rows.error()
                        .found("no approved gene has come until the end")
                        .expected("a gene a line below the header")
                        .remedy("Download hgnc_complete_set.txt from genenames.org")
                        .build();
            }
        }
        return table;
    }

    private void add(List<String> header, List<String> row) {
        String symbol = field(header, row, "symbol");
        String status = field(header, row, "status");
        if (symbol.isEmpty() || !(status.isEmpty() || status.equals("Approved"))) {
            return;
        }
        String id = field(header, row, "ensembl_gene_id");
        approved.put(symbol, id);
        put(ensembl, id, symbol);
        put(entrez, field(header, row, "entrez_id"), symbol);
        for (String old : field(header, row, "prev_symbol").split("\\|", -1)) {
            put(previous, old, symbol);
        }
        for (String alias : field(header, row, "alias_symbol").split("\\|", -1)) {
            put(aliases, alias, symbol);
        }
    }

    private static void put(Map<String, SortedSet<String>> names, String name, String symbol) {
        String key = name.strip();
        if (!key.isEmpty()) {
            names.computeIfAbsent(key, any -> new TreeSet<>()).add(symbol);
        }
    }

    private static List<String> list(@Nullable SortedSet<String> symbols) {
        return symbols == null ? List.of() : List.copyOf(symbols);
    }

    private static String field(List<String> header, List<String> row, String name) {
        int place = header.indexOf(name);
        return place < 0 ? "" : row.get(place);
    }

    /** How many approved symbols. */
    public int size() {
        return approved.size();
    }

    /** Whether the name is an approved symbol. */
    public boolean isApproved(String name) {
        return approved.containsKey(name);
    }

    /** The approved symbols of all genes that had this symbol before, sorted; empty when none had. */
    public List<String> onceCalled(String name) {
        return list(previous.get(name));
    }

    /** The approved symbols of all genes that have this alias or had this symbol before, sorted. */
    public List<String> alsoCalled(String name) {
        SortedSet<String> before = previous.get(name);
        SortedSet<String> alias = aliases.get(name);
        if (before == null || alias == null) {
            return list(before == null ? alias : before);
        }
        TreeSet<String> both = new TreeSet<>(before);
        both.addAll(alias);
        return list(both);
    }

    /** The approved symbols of all genes with this Ensembl id (without a version), sorted. */
    public List<String> ofEnsembl(String id) {
        return list(ensembl.get(id));
    }

    /** The approved symbols of all genes with this Entrez id, sorted. */
    public List<String> ofEntrez(String id) {
        return list(entrez.get(id));
    }

    /** The Ensembl id of an approved symbol; {@code null} when the table has none. */
    public @Nullable String ensemblOf(String symbol) {
        String id = approved.get(symbol);
        return id == null || id.isEmpty() ? null : id;
    }
}
