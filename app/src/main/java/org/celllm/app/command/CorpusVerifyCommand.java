package org.celllm.app.command;

import com.fasterxml.jackson.databind.ObjectMapper;
import java.nio.file.Path;
import java.util.concurrent.Callable;
import org.celllm.app.ExitCode;
import org.celllm.app.console.Console;
import org.celllm.app.report.Figures;
import org.celllm.data.corpus.CorpusVerifier;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Parameters;

/** {@code celllm corpus verify}: checks every byte. */
@Command(
        name = "verify",
        mixinStandardHelpOptions = true,
        description = "Compares every file of a corpus with its checksum and reads every cell.",
        footer = {"", "Example:  celllm corpus verify corpus"})
final class CorpusVerifyCommand implements Callable<Integer> {
    private final Console console;

    @Parameters(paramLabel = "CORPUS", description = "The corpus.")
    Path corpus;

    @Mixin
    JsonOption json;

    CorpusVerifyCommand(Console console) {
        this.console = console;
    }

    @Override
    public Integer call() throws Exception {
        CorpusVerifier.Result result = CorpusVerifier.verify(corpus, console.progress());
        json.write(new ObjectMapper().valueToTree(result));
        result.problems().forEach(console::error);
        console.line(corpus + ": " + Figures.whole(result.cells()) + " cells, " + Figures.whole(result.nonzeros())
                + " values in " + Figures.whole(result.shards()) + " files"
                + (result.labelled() == 0
                        ? ""
                        : ", " + Figures.whole(result.labelled()) + " cells with one of "
                                + Figures.whole(result.labels()) + " labels")
                + ": "
                + (result.isSound() ? "sound" : "DAMAGED, build it again"));
        return result.isSound() ? ExitCode.DONE : ExitCode.INPUT;
    }
}
