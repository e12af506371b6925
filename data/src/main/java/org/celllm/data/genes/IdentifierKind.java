package org.celllm.data.genes;

import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;

/** What sort of names genes have. */
public enum IdentifierKind {
    /** Gene symbols: {@code CD3E}. */
    SYMBOL("symbol"),
    /** Ensembl gene ids, with or without a version: {@code ENSG00000198851.9}, {@code ENSG00000182378.15_PAR_Y}. */
    ENSEMBL("ensembl"),
    /** NCBI (Entrez) gene ids: {@code 916}. */
    ENTREZ("entrez"),
    /** Row numbers: the genes have no names. */
    NUMBER("number");

    private static final Pattern ENSEMBL_GENE =
            Pattern.compile("(?:ENS[A-Z]*G\\d{11}|ENSGR\\d{10})(?:\\.\\d+)?(?:_PAR_Y)?(?:\\.\\d+)?");

    private static final Pattern OLD_PAR = Pattern.compile("ENSGR\\d{10}");

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

    /**
     * An Ensembl id without its version, and without what marks the copy on Y of a gene that X and Y share:
     * {@code ENSG00000182378} for {@code ENSG00000182378.15_PAR_Y} and for GENCODE's older {@code ENSGR0000182378.9}.
     */
    static String withoutVersion(String ensembl) {
        int end = ensembl.length();
        int dot = ensembl.indexOf('.');
        end = dot < 0 ? end : dot;
        int par = ensembl.indexOf("_PAR_Y");
        end = par < 0 ? end : Math.min(end, par);
        String bare = ensembl.substring(0, end);
        return OLD_PAR.matcher(bare).matches() ? "ENSG0" + bare.substring(5) : bare;
    }
}
