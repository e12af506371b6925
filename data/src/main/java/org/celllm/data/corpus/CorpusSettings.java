package org.celllm.data.corpus;

import java.nio.file.Path;
import org.celllm.data.InputException;
import org.celllm.data.genes.IdentityTables;
import org.jspecify.annotations.Nullable;

/**
 * How a corpus is built.
 *
 * @param genes file with the vocabulary, or {@code null} to take the genes by rule
 * @param tables what to tell genes by, such as an HGNC table
 * @param minCells rule for the vocabulary: a gene is in when some source has it in that many cells; 10
 * @param minGenes filter: genes of the vocabulary a cell must express; 50
 * @param minCounts filter: counts a cell must have, over all genes of its file; for sources of counts; 0
 * @param replace whether an existing corpus of that name may be replaced
 */
public record CorpusSettings(
        @Nullable Path genes, IdentityTables tables, int minCells, int minGenes, long minCounts, boolean replace) {
    /** Vocabulary by rule, the stated defaults. */
    public static final CorpusSettings DEFAULT = new CorpusSettings(null, IdentityTables.NONE, 10, 50, 0, false);

    public CorpusSettings {
        require(minCells >= 1, "--min-cells", minCells, "1 or more");
        require(minGenes >= 1, "--min-genes", minGenes, "1 or more: a cell without genes says nothing");
        require(minCounts >= 0, "--min-counts", minCounts, "0 or more");
    }

    /** The same with the vocabulary of a file. */
    public CorpusSettings withGenes(Path genes) {
        return new CorpusSettings(genes, tables, minCells, minGenes, minCounts, replace);
    }

    /** The same with an HGNC table. */
    public CorpusSettings withHgnc(Path hgnc) {
        return with(IdentityTables.ofHgnc(hgnc));
    }

    /** The same with other tables to tell genes by. */
    public CorpusSettings with(IdentityTables tables) {
        return new CorpusSettings(genes, tables, minCells, minGenes, minCounts, replace);
    }

    /** The same with another rule for the vocabulary. */
    public CorpusSettings withMinCells(int minCells) {
        return new CorpusSettings(genes, tables, minCells, minGenes, minCounts, replace);
    }

    /** The same with other filters. */
    public CorpusSettings withFilters(int minGenes, long minCounts) {
        return new CorpusSettings(genes, tables, minCells, minGenes, minCounts, replace);
    }

    /** The same, allowed to replace an existing corpus. */
    public CorpusSettings replacing() {
        return new CorpusSettings(genes, tables, minCells, minGenes, minCounts, true);
    }

    private static void require(boolean holds, String option, Object found, String expected) {
        if (!holds) {
            throw InputException.about(option)
                    .found(found + " is out of range")
                    .expected(expected)
                    .build();
        }
    }
}
