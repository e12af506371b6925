package org.celllm.data.table;

import java.util.Collection;
import java.util.Locale;
import java.util.Set;
import java.util.regex.Pattern;

/**
 * Whether the genes stand in the rows of a table or in its columns.
 *
 * @param genesInRows the finding
 * @param why what it was found by, for people
 */
record Orientation(boolean genesInRows, String why) {
    /** Genes that nearly every cell expresses, or that every reference has; in capitals. */
    private static final Set<String> WELL_KNOWN = Set.of(
            "ACTB", "GAPDH", "MALAT1", "B2M", "TMSB4X", "EEF1A1", "FTL", "FTH1", "RPLP0", "RPLP1", "RPS27", "RPL13A",
            "CD3D", "CD3E", "CD8A", "CD4", "CD19", "MS4A1", "CD79A", "LYZ", "NKG7", "GNLY", "CD14", "PTPRC", "EPCAM",
            "VIM", "KRT18", "KRT8", "COL1A1", "TP53", "MYC", "EGFR", "KRAS", "A1BG", "A2M", "NOC2L", "HES4", "ISG15",
            "SAMD11", "AAAS", "AARS", "ABCA1", "GNAI3", "PBSN", "CDC45", "XKR4", "SOX17", "MT-CO1", "MT-ND1");

    private static final Set<String> GENE_CORNERS =
            Set.of("gene", "genes", "symbol", "symbols", "gene_name", "gene_id", "gene_symbol", "genename", "ensembl");

    private static final Set<String> CELL_CORNERS = Set.of(
            "cell", "cells", "barcode", "barcodes", "cell_id", "cellid", "cell_name", "sample", "samples", "depmap_id");

    private static final Pattern ENSEMBL = Pattern.compile("ENS[A-Z]*G\\d{11}.*");

    private static final Pattern BARCODE = Pattern.compile("(.*[_.:-])?[ACGT]{8,}([-_.]\\w+)?");

    private static final Pattern SYMBOL = Pattern.compile("[A-Z][A-Z0-9]{1,9}(orf\\d+)?([-.][A-Z0-9]{1,4})?");

    private static final Pattern ENTREZ = Pattern.compile("[1-9]\\d{0,8}");

    static Orientation of(String corner, Collection<String> rows, Collection<String> columns, boolean moreRows) {
        String word = corner.toLowerCase(Locale.ROOT).replace(' ', '_');
        if (GENE_CORNERS.contains(word)) {
            return new Orientation(true, "the first column is headed " + corner);
        }
        if (CELL_CORNERS.contains(word)) {
            return new Orientation(false, "the first column is headed " + corner);
        }
        double difference = geneLikeness(rows) - geneLikeness(columns);
        if (Math.abs(difference) > 0.05) {
            return new Orientation(difference > 0, "their names look like those of genes");
        }
        return new Orientation(
                moreRows, "assumed, since there are " + (moreRows ? "more" : "fewer") + " rows than columns");
    }

    /** From −1 (cells) to 2 (genes). */
    private static double geneLikeness(Collection<String> names) {
        double score = 0;
        boolean counted = isCounted(names);
        int known = 0;
        int looked = 0;
        for (String name : names) {
            String upper = name.toUpperCase(Locale.ROOT);
            known += WELL_KNOWN.contains(upper) ? 1 : 0;
            if (ENSEMBL.matcher(name).matches()) {
                score += 1;
            } else if (BARCODE.matcher(name).matches()) {
                score -= 1;
            } else if (SYMBOL.matcher(name).matches()) {
                score += 0.5;
            } else if (!counted && ENTREZ.matcher(name).matches()) {
                score += 0.5;
            }
            looked++;
        }
        return looked == 0 ? 0 : score / looked + Math.min(1, known / 3.0);
    }

    /** Whether the names are just numbered rows: each one more than the one before. */
    private static boolean isCounted(Collection<String> names) {
        long last = Long.MIN_VALUE;
        for (String name : names) {
            if (!name.equals("0") && !ENTREZ.matcher(name).matches()) {
                return false;
            }
            long number = Long.parseLong(name);
            if (last != Long.MIN_VALUE && number != last + 1) {
                return false;
            }
            last = number;
        }
        return true;
    }
}
