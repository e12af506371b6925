package org.celllm.data.inspect;

import java.util.HashSet;
import java.util.List;
import org.celllm.data.genes.GeneMapping;
import org.celllm.data.genes.GeneNames;
import org.celllm.data.genes.GeneReport;
import org.jspecify.annotations.Nullable;

/**
 * The genes of the slot that is read.
 *
 * @param genes how many
 * @param column where their names stand: {@code "index"} or a column of {@code var}
 * @param kind {@code "symbol"}, {@code "ensembl"}, {@code "entrez"}, or {@code "number"} when rows are just numbered
 * @param duplicated how many share their canonical name with an earlier one
 * @param renamed how many have another canonical name, by a table or by dropping an Ensembl version
 * @param species {@code "human"} or {@code "mouse"}, told from how the names are written
 * @param examples the first names
 * @param report what became of the names, where a table was given
 * @param names what became of each
 * @param mapping how they map to a vocabulary, where one was given
 */
public record GeneSummary(
        int genes,
        String column,
        String kind,
        int duplicated,
        int renamed,
        String species,
        List<String> examples,
        @Nullable GeneReport report,
        GeneNames names,
        @Nullable GeneMapping mapping) {
    private static final int EXAMPLES = 5;

    public GeneSummary {
        examples = List.copyOf(examples);
    }

    static GeneSummary of(GeneNames names, boolean tables, @Nullable GeneMapping mapping) {
        int distinct = new HashSet<>(names.canonical()).size();
        return new GeneSummary(
                names.size(),
                names.column(),
                names.kind().word(),
                names.size() - distinct,
                names.renamed(),
                names.species().word(),
                names.given().subList(0, Math.min(EXAMPLES, names.size())),
                tables ? GeneReport.of(names) : null,
                names,
                mapping);
    }
}
