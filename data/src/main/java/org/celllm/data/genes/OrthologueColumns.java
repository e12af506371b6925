package org.celllm.data.genes;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/**
 * Which columns of a table of orthologues hold what; −1 for those it lacks. Columns are known by words of their names:
 * {@code Mouse gene stable ID}, {@code hsapiens_homolog_associated_gene_name}, {@code HGNC.symbol}. A column that names no
 * species belongs to the one that no other column names, as in an export from one species with the other's orthologues.
 *
 * @param mouseId Ensembl ids of mouse genes
 * @param mouseSymbol symbols of mouse genes
 * @param humanId Ensembl ids of human genes
 * @param humanSymbol symbols of human genes
 * @param type one to one, one to many, many to many
 * @param group number of a group of genes that stand a row each
 * @param organism whose gene a row of a group is
 * @param symbol the gene's symbol in a row of a group
 */
record OrthologueColumns(
        int mouseId, int mouseSymbol, int humanId, int humanSymbol, int type, int group, int organism, int symbol) {

    /** What a header names, or {@code null} when it is none of a table of mouse and human orthologues. */
    static @Nullable OrthologueColumns of(List<String> header) {
        List<String> names = new ArrayList<>();
        header.forEach(name -> names.add(
                name.toLowerCase(Locale.ROOT).replaceAll("[^a-z0-9]+", "_").replaceAll("^_|_$", "")));
        int type = first(names, "homology_type", "orthology_type");
        int group = first(names, "class_key", "homologene_id", "homology_id");
        int organism = first(names, "organism", "taxon");
        int symbol = names.indexOf("symbol");
        if (group >= 0 && organism >= 0 && symbol >= 0) {
            return new OrthologueColumns(-1, -1, -1, -1, -1, group, organism, symbol);
        }
        int[] ids = {-1, -1, -1};
        int[] symbols = {-1, -1, -1};
        int[] loose = {-1, -1, -1};
        for (int i = names.size() - 1; i >= 0; i--) {
            String name = names.get(i);
            int species = species(name);
            if (isId(name)) {
                ids[species] = i;
            } else if (name.endsWith("symbol") || name.endsWith("gene_name")) {
                symbols[species] = i;
            } else if (name.matches("mouse|human|(mouse_|human_)(gene|name)")) {
                loose[species] = i;
            }
        }
        for (int one = 0; one < 2; one++) {
            symbols[one] = symbols[one] < 0 ? loose[one] : symbols[one];
        }
        for (int one = 0; one < 2; one++) {
            int other = 1 - one;
            boolean without = ids[other] < 0 && symbols[other] < 0;
            boolean withId = without ? ids[one] >= 0 || symbols[one] >= 0 : ids[one] >= 0;
            boolean withSymbol = without ? ids[one] >= 0 || symbols[one] >= 0 : symbols[one] >= 0;
            ids[other] = ids[other] < 0 && withId ? ids[2] : ids[other];
            symbols[other] = symbols[other] < 0 && withSymbol ? symbols[2] : symbols[other];
        }
        boolean complete = (ids[0] >= 0 || symbols[0] >= 0) && (ids[1] >= 0 || symbols[1] >= 0);
        return complete ? new OrthologueColumns(ids[0], symbols[0], ids[1], symbols[1], type, -1, -1, -1) : null;
    }

    /** How many fields a row needs. */
    int needed() {
        int most = Math.max(Math.max(mouseId, mouseSymbol), Math.max(humanId, humanSymbol));
        return 1 + Math.max(Math.max(most, type), Math.max(group, Math.max(organism, symbol)));
    }

    /** Whether genes stand a row each, in groups. */
    boolean grouped() {
        return group >= 0;
    }

    /** 0 for mouse, 1 for human, 2 when the name of a column names neither. */
    private static int species(String column) {
        if (column.contains("mouse") || column.contains("mmus") || column.contains("mgi")) {
            return 0;
        }
        return column.contains("human") || column.contains("hsap") || column.contains("hgnc") ? 1 : 2;
    }

    private static boolean isId(String column) {
        boolean other = column.contains("protein") || column.contains("transcript") || column.contains("peptide");
        return !other
                && (column.contains("ensembl")
                        || column.contains("stable_id")
                        || column.matches("gene_id|(mouse|human)_gene_id"));
    }

    private static int first(List<String> names, String... parts) {
        for (String part : parts) {
            for (int i = 0; i < names.size(); i++) {
                if (names.get(i).contains(part)) {
                    return i;
                }
            }
        }
        return -1;
    }
}
