package org.celllm.data.genes;

/** Why a gene's name means the gene it is taken for, or why it is taken for none. */
public enum ResolutionRule {
    /** No table was given: the name is taken as it stands, but for versions of Ensembl ids. */
    NAMED("as named"),
    /** The name is an approved symbol of the HGNC table. */
    APPROVED("approved"),
    /** One gene of the HGNC table had the symbol before, and no other goes by it. */
    PREVIOUS("previous"),
    /** One gene of the HGNC table has the alias, and no other goes by it. */
    ALIAS("alias"),
    /** The HGNC table has one gene with the Ensembl id. */
    ENSEMBL("ensembl"),
    /** The HGNC table has one gene with the Entrez id. */
    ENTREZ("entrez"),
    /** The GENCODE table names the gene, or tells which of several it is. */
    GENCODE("gencode"),
    /** The one human orthologue of a mouse gene that has no other. */
    ORTHOLOGUE("orthologue"),
    /** Several genes may be meant: the name is taken for none of them. */
    AMBIGUOUS("ambiguous"),
    /** No table has the name. */
    UNKNOWN("unknown");

    private final String word;

    ResolutionRule(String word) {
        this.word = word;
    }

    /** The word for it in reports and JSON. */
    public String word() {
        return word;
    }

    /** Whether a gene was found by it. */
    public boolean resolves() {
        return this != AMBIGUOUS && this != UNKNOWN;
    }
}
