package org.celllm.app.command;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.celllm.data.corpus.CorpusSource;
import org.celllm.data.tokens.ValuesOption;
import picocli.CommandLine.Mixin;
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

    @Mixin
    CellWordOptions words;

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
            sources.add(words.source(path, ValuesOption.of(values)));
        }
        return sources;
    }
}
