package org.celllm.app.command;

import java.nio.file.Path;
import org.celllm.data.cells.Disease;
import org.celllm.data.corpus.CorpusSource;
import org.celllm.data.tokens.ValuesOption;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/** What is said of the cells of all files that are named: disease, tissue, label. */
final class CellWordOptions {
    @Option(
            names = "--disease",
            paramLabel = "normal|cancer|unknown",
            description = "Disease of all cells that no list or column says it of.")
    @Nullable
    Disease disease;

    @Option(
            names = "--disease-column",
            paramLabel = "COLUMN",
            description = "Column of obs that says which cells are malignant.")
    @Nullable
    String diseaseColumn;

    @Option(names = "--tissue", paramLabel = "NAME", description = "Tissue of all cells.")
    @Nullable
    String tissue;

    @Option(names = "--tissue-column", paramLabel = "COLUMN", description = "Column of obs that says the tissue.")
    @Nullable
    String tissueColumn;

    @Option(
            names = "--label-column",
            paramLabel = "COLUMN",
            description = "Column of obs whose values, such as cell types, are kept with the cells;"
                    + " needed for pretrain --exclude label.")
    @Nullable
    String labelColumn;

    /** A file as a source. */
    CorpusSource source(Path path, ValuesOption values) {
        return new CorpusSource(path, null, disease, diseaseColumn, tissue, tissueColumn, labelColumn, values);
    }

    /** Whether anything was said. */
    boolean isGiven() {
        return disease != null
                || diseaseColumn != null
                || tissue != null
                || tissueColumn != null
                || labelColumn != null;
    }
}
