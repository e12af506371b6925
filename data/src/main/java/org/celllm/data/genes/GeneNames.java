package org.celllm.data.genes;

import java.util.List;

/**
 * The genes of a slot under their canonical names.
 *
 * @param column the column the names were taken from; {@code "index"} for the names of the table themselves
 * @param kind what sort of names they are
 * @param given [genes] the names as the file has them
 * @param canonical [genes] the approved symbol where an HGNC table knows it, else the name itself (an Ensembl id without
 *     its version)
 * @param renamed how many canonical names differ from the given ones
 */
public record GeneNames(String column, IdentifierKind kind, List<String> given, List<String> canonical, int renamed) {
    /** The index of the table, as {@link #column} says it. */
    public static final String INDEX = "index";

    public GeneNames {
        given = List.copyOf(given);
        canonical = List.copyOf(canonical);
        if (given.size() != canonical.size()) {
            throw new IllegalArgumentException("given and canonical names differ in number");
        }
    }

    /** How many genes. */
    public int size() {
        return given.size();
    }
}
