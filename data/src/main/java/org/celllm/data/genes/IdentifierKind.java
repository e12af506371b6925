package org.celllm.data.genes;

import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;

/** What sort of names genes have. */
public enum IdentifierKind {
    /** Gene symbols: {@code CD3E}. */
    SYMBOL("symbol"),
    /** Ensembl gene ids, with or without a version: {@code ENSG00000198851.9}. */
    ENSEMBL("ensembl"),
    /** NCBI (Entrez) gene ids: {@code 916}. */
    ENTREZ("entrez"),
    /** Row numbers: the genes have no names. */
    NUMBER("number");

    private static final Pattern ENSEMBL_GENE = Pattern.compile("ENS[A-Z]*G\\d{11}(\\.\\d+)?(_PAR_Y)?");

    private static final Pattern DIGITS = Pattern.compile("\\d{1,9}");

    private static final int LOOKED_AT = 2000;

    private final String word;

    IdentifierKind(String word) {
        this.word = word;
    }

    /** The word for it in reports and JSON. */
    public String word() {
        return word;
    }

    /** Of a single name. */
    static IdentifierKind of(String name) {
        if (ENSEMBL_GENE.matcher(name).matches()) {
            return ENSEMBL;
        }
        return DIGITS.matcher(name).matches() ? ENTREZ : SYMBOL;
    }

    /** Of most of the names; a sample spread over them is looked at. */
    static IdentifierKind of(List<String> names) {
        if (counted(names)) {
            return NUMBER;
        }
        Map<IdentifierKind, Integer> votes = new EnumMap<>(IdentifierKind.class);
        int step = Math.max(1, names.size() / LOOKED_AT);
        for (int i = 0; i < names.size(); i += step) {
            votes.merge(of(names.get(i).strip()), 1, Integer::sum);
        }
        IdentifierKind most = SYMBOL;
        for (Map.Entry<IdentifierKind, Integer> vote : votes.entrySet()) {
            most = vote.getValue() > votes.getOrDefault(most, 0) ? vote.getKey() : most;
        }
        return most;
    }

    /** Whether most names are their own row's number, counted from 0 or 1. Entrez ids never come so. */
    private static boolean counted(List<String> names) {
        int counted = 0;
        int step = Math.max(1, names.size() / LOOKED_AT);
        int looked = 0;
        for (int i = 0; i < names.size(); i += step) {
            String name = names.get(i);
            counted += name.equals(Integer.toString(i)) || name.equals(Integer.toString(i + 1)) ? 1 : 0;
            looked++;
        }
        return looked > 1 && counted >= 0.9 * looked;
    }

    /** An Ensembl id without its version. */
    static String withoutVersion(String ensembl) {
        int dot = ensembl.indexOf('.');
        return dot < 0 ? ensembl : ensembl.substring(0, dot);
    }
}
