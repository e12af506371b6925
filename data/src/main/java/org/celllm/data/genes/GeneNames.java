package org.celllm.data.genes;

import java.util.List;

/**
 * The genes of a slot and what became of their names.
 *
 * @param column the column the names were taken from; {@code "index"} for the names of the table themselves
 * @param kind what sort of names most of them are
 * @param species whose genes most of them are
 * @param resolutions [genes] what became of each
 */
public record GeneNames(String column, IdentifierKind kind, GeneSpecies species, List<GeneResolution> resolutions) {
    /** The index of the table, as {@link #column} says it. */
    public static final String INDEX = "index";

    public GeneNames {
        resolutions = List.copyOf(resolutions);
    }

    /** How many genes. */
    public int size() {
        return resolutions.size();
    }

    /** [genes] the names as the file has them. */
    public List<String> given() {
        return resolutions.stream().map(GeneResolution::name).toList();
    }

    /** [genes] the genes that the names are taken for; where for none, the names themselves. */
    public List<String> canonical() {
        return resolutions.stream().map(GeneResolution::canonical).toList();
    }

    /** How many canonical names differ from the given ones. */
    public int renamed() {
        return (int) resolutions.stream()
                .filter(gene -> !gene.canonical().equals(gene.name()))
                .count();
    }
}
