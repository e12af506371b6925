package org.celllm.data.corpus;

import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * What one source gave to a corpus.
 *
 * @param name short name, unique in the corpus
 * @param path where it was, as the user gave it
 * @param bytes size of the file; 0 for a folder
 * @param sha256 checksum of the file; {@code null} for a folder
 * @param format format and dialect
 * @param slot matrix that was read
 * @param state word of the state its values are in
 * @param reason why that matrix and state
 * @param tissue tissue, or {@code null} when nobody said
 * @param diseaseFrom where the disease comes from, for people
 * @param diseaseValues words of the disease column, and what each was taken for
 * @param disease cells kept, by disease
 * @param labelled cells kept that have a label
 * @param cellsRead cells in the file
 * @param cellsKept cells that passed the filters
 * @param removed cells that each filter removed, by its words; a cell is counted at the first that removes it
 * @param nonzeros values kept
 * @param genes what became of the file's genes
 * @param remarks what a person should know
 */
public record SourceReport(
        String name,
        String path,
        long bytes,
        @Nullable String sha256,
        String format,
        String slot,
        String state,
        String reason,
        @Nullable String tissue,
        String diseaseFrom,
        Map<String, String> diseaseValues,
        DiseaseCounts disease,
        long labelled,
        long cellsRead,
        long cellsKept,
        Map<String, Long> removed,
        long nonzeros,
        MappedGenes genes,
        List<String> remarks) {

    /** The same under another name. */
    SourceReport named(String other) {
        return new SourceReport(
                other,
                path,
                bytes,
                sha256,
                format,
                slot,
                state,
                reason,
                tissue,
                diseaseFrom,
                diseaseValues,
                disease,
                labelled,
                cellsRead,
                cellsKept,
                removed,
                nonzeros,
                genes,
                remarks);
    }

    /**
     * What became of a file's genes.
     *
     * @param kind kind of names: symbols, Ensembl, Entrez
     * @param total genes in the file
     * @param mapped genes that stand in the vocabulary
     * @param renamed of those, genes found under another name
     * @param duplicated genes that share a place in the vocabulary with another and were added to it
     * @param unknown genes that the vocabulary lacks
     */
    public record MappedGenes(String kind, int total, int mapped, int renamed, int duplicated, int unknown) {}
}
