package org.celllm.data.genes;

import java.util.BitSet;
import java.util.List;

/**
 * Where the genes of a slot go in a vocabulary, and the report of it.
 *
 * @param names the genes of the slot
 * @param vocabularySize genes of the vocabulary
 * @param target [genes] place in the vocabulary, −1 for genes it lacks
 * @param mapped genes of the slot that have a place
 * @param renamed of those, how many symbols under another name than the file's; ids that are translated do not count
 * @param duplicated of those, how many share their place with an earlier gene; their values are summed
 * @param unknown genes of the slot that the vocabulary lacks
 * @param ambiguous of those, how many go by a name that several genes have
 * @param covered genes of the vocabulary that the slot has
 * @param renamedExamples a few, as {@code "FAM46C → TENT5C"}
 * @param duplicatedExamples a few names
 * @param unknownExamples a few names
 * @param ambiguousExamples a few, as {@code "SHARED: PRDX1, SEPTIN9"}
 */
public record GeneMapping(
        GeneNames names,
        int vocabularySize,
        int[] target,
        int mapped,
        int renamed,
        int duplicated,
        int unknown,
        int ambiguous,
        int covered,
        List<String> renamedExamples,
        List<String> duplicatedExamples,
        List<String> unknownExamples,
        List<String> ambiguousExamples) {
    public GeneMapping {
        if (target.length != names.size()) {
            throw new IllegalArgumentException("targets and names differ in number");
        }
        renamedExamples = List.copyOf(renamedExamples);
        duplicatedExamples = List.copyOf(duplicatedExamples);
        unknownExamples = List.copyOf(unknownExamples);
        ambiguousExamples = List.copyOf(ambiguousExamples);
    }

    /** Share of the slot's genes that have a place in the vocabulary. */
    public double mappedFraction() {
        return target.length == 0 ? 0 : (double) mapped / target.length;
    }

    /** Share of the vocabulary's genes that the slot has. */
    public double coveredFraction() {
        return (double) covered / vocabularySize;
    }

    /** The genes of the vocabulary that the slot has. */
    public BitSet measured() {
        BitSet measured = new BitSet(vocabularySize);
        for (int place : target) {
            if (place >= 0) {
                measured.set(place);
            }
        }
        return measured;
    }

    /** One line for people. */
    public String summary() {
        return mapped + " of " + target.length + " genes mapped ("
                + names.kind().word() + "s from " + names.column()
                + "), " + renamed + " renamed, " + duplicated + " duplicated and summed, " + unknown + " unknown"
                + (ambiguous > 0 ? " (" + ambiguous + " ambiguous)" : "") + "; "
                + covered + " of " + vocabularySize + " genes of the vocabulary are there";
    }
}
