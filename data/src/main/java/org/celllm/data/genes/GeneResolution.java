package org.celllm.data.genes;

import java.util.List;

/**
 * What became of one gene's name.
 *
 * @param name as it was found
 * @param kind what sort of name it is
 * @param canonical the gene it is taken for; where it is taken for none, the name itself without the prefix of a genome
 *     and without the version of an Ensembl id
 * @param rule by which rule, or why not
 * @param approved whether {@code canonical} is an approved symbol of the HGNC table and was found by a rule
 * @param others for an ambiguous name the genes it may mean; for an approved one the genes that go by it as well, as an
 *     alias or from before
 * @param note what else there is to say, or empty
 */
public record GeneResolution(
        String name,
        IdentifierKind kind,
        String canonical,
        ResolutionRule rule,
        boolean approved,
        List<String> others,
        String note) {
    public GeneResolution {
        others = List.copyOf(others);
        if (approved && !rule.resolves()) {
            throw new IllegalArgumentException(name + " is " + rule.word() + " and yet approved");
        }
    }

    /** Whether it is taken for a gene. */
    public boolean resolved() {
        return rule.resolves();
    }

    /** The same result for a name that was found, with a remark how one led to the other. */
    GeneResolution of(String found, IdentifierKind foundKind, String remark) {
        return new GeneResolution(found, foundKind, canonical, rule, approved, others, remark);
    }

    /** The same for a name that had a prefix or blanks around it. */
    GeneResolution named(String found) {
        return new GeneResolution(found, kind, canonical, rule, approved, others, note);
    }

    /** The same under another canonical name and rule. */
    GeneResolution as(String gene, ResolutionRule by) {
        return new GeneResolution(name, kind, gene, by, approved && by.resolves(), others, note);
    }
}
