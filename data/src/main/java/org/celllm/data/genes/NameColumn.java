package org.celllm.data.genes;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.celllm.data.matrix.AnnotationTable;
import org.celllm.data.matrix.Column;
import org.jspecify.annotations.Nullable;

/**
 * A column that may name the genes.
 *
 * @param column its name, {@code "index"} for the table's own names
 * @param names [genes] the names
 * @param kind what sort of names they are
 */
record NameColumn(String column, List<String> names, IdentifierKind kind) {
    private static final Set<String> SYMBOL_COLUMNS = Set.of(
            "gene_symbol",
            "gene_symbols",
            "genesymbol",
            "symbol",
            "symbols",
            "gene_name",
            "gene_names",
            "gene_short_name",
            "genename",
            "feature_name",
            "hgnc_symbol",
            "name",
            "gene",
            "genes");

    private static final Set<String> ID_COLUMNS = Set.of(
            "gene_id",
            "gene_ids",
            "geneid",
            "ensembl",
            "ensembl_id",
            "ensembl_ids",
            "ensembl_gene_id",
            "feature_id",
            "id",
            "ids",
            "entrez",
            "entrez_id",
            "entrez_ids",
            "ncbi_gene_id");

    private static final Pattern NUMBERED = Pattern.compile("(.+)[-._](\\d{1,3})");

    private static final String ENSEMBL_ID = "(ENS[A-Z]*G\\d{11}(?:\\.\\d+)?(?:_PAR_Y)?)";

    private static final Pattern ID_FIRST = Pattern.compile(ENSEMBL_ID + "[|_:;,/ -](.+)");

    private static final Pattern ID_LAST = Pattern.compile("(.+)[|_:;,/ -]" + ENSEMBL_ID);

    private static final Pattern GENOME =
            Pattern.compile("(?:GRCh3[78]|hg19|hg38|hs37d5|GRCm3[89]|mm9|mm10|mm39)_+(.+)");

    /** The index and every column that names genes by its own name or by its Ensembl ids. */
    static List<NameColumn> candidates(AnnotationTable genes) {
        List<NameColumn> candidates = new ArrayList<>();
        candidates.add(new NameColumn(GeneNames.INDEX, genes.names(), IdentifierKind.of(genes.names())));
        for (Map.Entry<String, Column> entry : genes.columns().entrySet()) {
            String name =
                    entry.getKey().toLowerCase(Locale.ROOT).replace(' ', '_').replace('-', '_');
            boolean named = SYMBOL_COLUMNS.contains(name) || ID_COLUMNS.contains(name);
            Column column = entry.getValue();
            boolean readable = !(column instanceof Column.Logical)
                    && !(column instanceof Column.Numeric numbers && !numbers.integer());
            if (named && readable) {
                List<String> names = texts(column);
                candidates.add(new NameColumn(entry.getKey(), names, IdentifierKind.of(names)));
            }
        }
        return candidates;
    }

    private static List<String> texts(Column column) {
        List<String> texts = new ArrayList<>(column.size());
        for (int i = 0; i < column.size(); i++) {
            String text = column.text(i);
            texts.add(text == null ? "" : text);
        }
        return texts;
    }

    /** How likely the column names the genes, without knowing any gene: symbols first, then Ensembl, then digits. */
    double plausibility() {
        boolean index = column.equals(GeneNames.INDEX);
        double likely = switch (kind) {
            case SYMBOL -> index || SYMBOL_COLUMNS.contains(column.toLowerCase(Locale.ROOT)) ? 1 : 0.4;
            case ENSEMBL -> 0.6;
            // Digits in an index are as a rule row numbers, in a column of ids they are meant.
            case ENTREZ -> index ? 0.3 : 0.5;
            case NUMBER -> 0;
        };
        return likely + (index ? 0.05 : 0);
    }

    /** Whether it holds ids rather than symbols. */
    boolean isIds() {
        return kind == IdentifierKind.ENSEMBL || kind == IdentifierKind.ENTREZ;
    }

    /** The name without the genome that some references put before it ({@code GRCh38_CD3E}, {@code mm10_Cd3e}). */
    static String withoutGenome(String name) {
        Matcher prefixed = GENOME.matcher(name);
        return prefixed.matches() ? prefixed.group(1) : name;
    }

    /**
     * The names that one name is put together from, an Ensembl id first: {@code ENSG00000141510_TP53}, {@code TP53|7157},
     * {@code TP53|a probe}; empty when it is a single name.
     */
    static List<String> parts(String name) {
        Matcher first = ID_FIRST.matcher(name);
        if (first.matches()) {
            return List.of(first.group(1), first.group(2));
        }
        Matcher last = ID_LAST.matcher(name);
        if (last.matches()) {
            return List.of(last.group(2), last.group(1));
        }
        int bar = name.indexOf('|');
        if (bar <= 0 || bar == name.length() - 1) {
            return List.of();
        }
        String rest = name.substring(bar + 1);
        return name.startsWith("?|") ? List.of(rest) : List.of(name.substring(0, bar), rest);
    }

    /** The name without the number that tools add to make duplicates distinct, or {@code null} when there is none. */
    static @Nullable String withoutNumber(String name) {
        Matcher numbered = NUMBERED.matcher(name);
        return numbered.matches() ? numbered.group(1) : null;
    }
}
