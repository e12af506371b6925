package org.celllm.data.genes;

import java.io.BufferedReader;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import org.celllm.data.InputException;
import org.celllm.data.files.TextFiles;
import org.jspecify.annotations.Nullable;

/**
 * The table of approved human gene names ({@code hgnc_complete_set.txt}): from previous symbols, aliases, Ensembl and
 * Entrez ids to the approved symbol. A name that means more than one gene means none. Immutable, thread safe.
 */
public final class HgncTable {
    private final Set<String> approved = new HashSet<>();
    private final Map<String, String> previous = new HashMap<>();
    private final Map<String, String> aliases = new HashMap<>();
    private final Map<String, String> ensembl = new HashMap<>();
    private final Map<String, String> entrez = new HashMap<>();

    private HgncTable() {}

    /**
     * Reads the table, gzipped or not.
     *
     * @throws InputException when it lacks the columns
     */
    public static HgncTable read(Path file) throws IOException {
        HgncTable table = new HgncTable();
        try (BufferedReader lines = TextFiles.reader(file)) {
            String header = lines.readLine();
            List<String> columns = header == null ? List.of() : Arrays.asList(header.split("\t", -1));
            if (!columns.contains("symbol") || !columns.contains("prev_symbol") || !columns.contains("alias_symbol")) {
                throw InputException.about(file)
                        .at("line 1")
                        .found("is not the header of an HGNC table")
                        .expected("tab-separated columns, among them symbol, alias_symbol and prev_symbol")
                        .remedy("Download hgnc_complete_set.txt from genenames.org")
                        .build();
            }
            for (String line = lines.readLine(); line != null; line = lines.readLine()) {
                table.add(columns, line.split("\t", -1));
            }
        }
        return table;
    }

    private void add(List<String> columns, String[] fields) {
        String symbol = field(columns, fields, "symbol");
        String status = field(columns, fields, "status");
        if (symbol.isEmpty() || !(status.isEmpty() || status.equals("Approved"))) {
            return;
        }
        approved.add(symbol);
        unique(ensembl, field(columns, fields, "ensembl_gene_id"), symbol);
        unique(entrez, field(columns, fields, "entrez_id"), symbol);
        for (String old : field(columns, fields, "prev_symbol").split("\\|", -1)) {
            unique(previous, old, symbol);
        }
        for (String alias : field(columns, fields, "alias_symbol").split("\\|", -1)) {
            unique(aliases, alias, symbol);
        }
    }

    private static void unique(Map<String, String> names, String name, String symbol) {
        String key = name.strip();
        if (!key.isEmpty()) {
            // The empty symbol marks a name that two genes share.
            names.merge(key, symbol, (one, other) -> one.equals(other) ? one : "");
        }
    }

    private static String field(List<String> columns, String[] fields, String name) {
        int place = columns.indexOf(name);
        return place < 0 || place >= fields.length
                ? ""
                : fields[place].replace("\"", "").strip();
    }

    /** How many approved symbols. */
    public int size() {
        return approved.size();
    }

    /** Whether the name is an approved symbol. */
    public boolean isApproved(String name) {
        return approved.contains(name);
    }

    /**
     * The approved symbol that a name of a kind means, or {@code null} when it means none, or more than one.
     */
    public @Nullable String symbol(String name, IdentifierKind kind) {
        return switch (kind) {
            case ENSEMBL -> known(ensembl.get(IdentifierKind.withoutVersion(name)));
            case ENTREZ -> known(entrez.get(name));
            case SYMBOL -> ofSymbol(name);
            case NUMBER -> null;
        };
    }

    /** Whether a name is just an alias: neither approved nor once approved. Two genes of a file may share one. */
    boolean isAlias(String name) {
        return !approved.contains(name) && !previous.containsKey(name) && aliases.containsKey(name);
    }

    private @Nullable String ofSymbol(String name) {
        if (approved.contains(name)) {
            return name;
        }
        String old = known(previous.get(name));
        if (old != null) {
            return old;
        }
        String alias = known(aliases.get(name));
        if (alias != null || previous.containsKey(name) || aliases.containsKey(name)) {
            return alias;
        }
        // Open reading frames are written C1orf112, but many files hold C1ORF112.
        int orf = name.toUpperCase(Locale.ROOT).indexOf("ORF");
        if (orf > 0) {
            String usual = name.substring(0, orf) + "orf" + name.substring(orf + 3);
            return usual.equals(name) ? null : ofSymbol(usual);
        }
        return null;
    }

    private static @Nullable String known(@Nullable String symbol) {
        return symbol == null || symbol.isEmpty() ? null : symbol;
    }
}
