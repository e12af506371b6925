package org.celllm.data.genes;

import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * The genes a model knows, in the order of its gene table. Immutable and thread safe.
 */
public final class GeneVocabulary {
    /** As many as fit a 16-bit index beside the CLS and padding rows of the gene table. */
    public static final int MOST_GENES = 65_533;

    private final List<String> names;
    private final Map<String, Integer> index;

    /**
     * @param names distinct gene names, in order
     * @throws IllegalArgumentException when there are none, too many, or one stands twice
     */
    public GeneVocabulary(List<String> names) {
        if (names.isEmpty() || names.size() > MOST_GENES) {
            throw new IllegalArgumentException("a vocabulary has 1 to " + MOST_GENES + " genes, not " + names.size());
        }
        this.names = List.copyOf(names);
        this.index = new HashMap<>(names.size() * 2);
        for (int i = 0; i < names.size(); i++) {
            if (index.put(names.get(i), i) != null) {
                throw new IllegalArgumentException("gene " + names.get(i) + " stands twice in the vocabulary");
            }
        }
    }

    /** How many genes. */
    public int size() {
        return names.size();
    }

    /** The names in order. */
    public List<String> names() {
        return names;
    }

    /** The place of a gene, or −1 when the vocabulary lacks it. */
    public int indexOf(String name) {
        Integer place = index.get(name);
        return place == null ? -1 : place;
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof GeneVocabulary that && names.equals(that.names);
    }

    @Override
    public int hashCode() {
        return names.hashCode();
    }
}
