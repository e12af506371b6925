package org.celllm.app.command;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.celllm.data.cells.Disease;
import org.celllm.data.corpus.CorpusSource;
import org.celllm.data.tokens.ValuesOption;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** Sources of a corpus, and what is said about all of them. */
final class SourceOptions {
    @Parameters(
            index = "0..*",
            arity = "1..*",
            paramLabel = "SOURCE",
            description = "Files, folders (their files), or a YAML list with disease and tissue for each.")
    List<Path> paths;

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

    @Option(
            names = "--values",
            paramLabel = "auto|counts|log1p|log2p1|scaled|asis",
            defaultValue = "auto",
            description = "State of the values (default: found out).")
    String values;

    @Option(names = "--skip-refused", description = "Leave exit code 0 although sources were refused.")
    boolean skipRefused;

    List<CorpusSource> sources() {
        List<CorpusSource> sources = new ArrayList<>();
        for (Path path : paths) {
            sources.add(new CorpusSource(
                    path, null, disease, diseaseColumn, tissue, tissueColumn, labelColumn, ValuesOption.of(values)));
        }
        return sources;
    }
}
