package org.celllm.data.corpus;

import java.nio.file.Path;
import org.celllm.data.cells.Disease;
import org.celllm.data.tokens.ValuesOption;
import org.jspecify.annotations.Nullable;

/**
 * Something to take cells from, and what the user says about it.
 *
 * @param path a file, or a folder: of 10x files, or of any files
 * @param name short name in the corpus; {@code null} for the file's
 * @param disease disease of all its cells, or {@code null}
 * @param diseaseColumn per-cell column that says the disease, or {@code null}; cells it says nothing about get
 *     {@code disease}
 * @param tissue tissue of all its cells, or {@code null}
 * @param tissueColumn per-cell column that says the tissue, or {@code null}
 * @param labelColumn per-cell column whose values, such as cell types, are kept with the cells, or {@code null}
 * @param values state of the values
 */
public record CorpusSource(
        Path path,
        @Nullable String name,
        @Nullable Disease disease,
        @Nullable String diseaseColumn,
        @Nullable String tissue,
        @Nullable String tissueColumn,
        @Nullable String labelColumn,
        ValuesOption values) {

    /** A file or folder that nothing is said about. */
    public static CorpusSource of(Path path) {
        return new CorpusSource(path, null, null, null, null, null, null, ValuesOption.AUTO);
    }

    /** The same about another file: one of a folder's. */
    CorpusSource at(Path file) {
        return new CorpusSource(file, null, disease, diseaseColumn, tissue, tissueColumn, labelColumn, values);
    }

    /** The same, of that disease. */
    public CorpusSource withDisease(Disease disease) {
        return new CorpusSource(path, name, disease, diseaseColumn, tissue, tissueColumn, labelColumn, values);
    }

    /** The same, with the disease in that column. */
    public CorpusSource withDiseaseColumn(String column) {
        return new CorpusSource(path, name, disease, column, tissue, tissueColumn, labelColumn, values);
    }

    /** The same, of that tissue. */
    public CorpusSource withTissue(String tissue) {
        return new CorpusSource(path, name, disease, diseaseColumn, tissue, tissueColumn, labelColumn, values);
    }

    /** The same, with the tissue in that column. */
    public CorpusSource withTissueColumn(String column) {
        return new CorpusSource(path, name, disease, diseaseColumn, tissue, column, labelColumn, values);
    }

    /** The same, with the label in that column. */
    public CorpusSource withLabelColumn(String column) {
        return new CorpusSource(path, name, disease, diseaseColumn, tissue, tissueColumn, column, values);
    }

    /** The same, with values in a stated state. */
    public CorpusSource withValues(ValuesOption values) {
        return new CorpusSource(path, name, disease, diseaseColumn, tissue, tissueColumn, labelColumn, values);
    }
}
