package org.celllm.app.command;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.nio.file.Path;
import java.util.concurrent.Callable;
import org.celllm.app.ExitCode;
import org.celllm.app.console.Console;
import org.celllm.app.report.Figures;
import org.celllm.data.InputException;
import org.celllm.data.corpus.Corpus;
import org.celllm.data.corpus.CorpusDuplicates;
import org.celllm.data.corpus.CorpusVerifier;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code celllm corpus verify}: checks every byte. */
@Command(
        name = "verify",
        mixinStandardHelpOptions = true,
        description = "Compares every file of a corpus with its checksum and reads every cell.",
        footer = {
            "",
            "Example:  celllm corpus verify corpus",
            "Cells that are in two sources:  celllm corpus verify corpus --duplicates --list twins.tsv"
        })
final class CorpusVerifyCommand implements Callable<Integer> {
    private final Console console;

    @Parameters(paramLabel = "CORPUS", description = "The corpus.")
    Path corpus;

    @Option(
            names = "--duplicates",
            description = "Also count cells that are nearly the same measurement as another, by pairs of sources"
                    + " (weighted Jaccard index of at least 0.9).")
    boolean duplicates;

    @Option(
            names = "--list",
            paramLabel = "FILE",
            description = "With --duplicates: a tsv with a line for each such cell, its source and row and those of"
                    + " its twin.")
    @Nullable
    Path list;

    @Mixin
    ThreadsOption threads;

    @Mixin
    JsonOption json;

    CorpusVerifyCommand(Console console) {
        this.console = console;
    }

    @Override
    public Integer call() throws Exception {
        if (list != null && !duplicates) {
            throw InputException.about("--list")
                    .found("lists what --duplicates finds")
                    .remedy("Pass --duplicates too")
                    .build();
        }
        int workers = threads.count();
        CorpusVerifier.Result result = CorpusVerifier.verify(corpus, console.progress());
        ObjectNode figures = new ObjectMapper().valueToTree(result);
        result.problems().forEach(console::error);
        console.line(corpus + ": " + Figures.counted(result.cells(), "cell") + ", "
                + Figures.counted(result.nonzeros(), "value")
                + " in " + Figures.counted(result.shards(), "file")
                + (result.labelled() == 0
                        ? ""
                        : ", " + Figures.counted(result.labelled(), "cell") + " with one of "
                                + Figures.counted(result.labels(), "label"))
                + ": "
                + (result.isSound() ? "sound" : "DAMAGED, build it again"));
        if (duplicates && result.isSound()) {
            try (Corpus opened = Corpus.open(corpus)) {
                CorpusDuplicates found = CorpusDuplicates.find(opened, workers, console.progress());
                if (list != null) {
                    found.list(list);
                }
                CorpusTables.show(console, opened, found);
                figures.set("duplicates", CorpusTables.figures(opened, found));
            }
        }
        json.write(figures);
        return result.isSound() ? ExitCode.DONE : ExitCode.INPUT;
    }
}
