package org.celllm.app.command;

import com.fasterxml.jackson.databind.ObjectMapper;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.Callable;
import org.celllm.app.console.Console;
import org.celllm.data.corpus.CorpusBuilder;
import org.celllm.data.corpus.CorpusManifest;
import org.celllm.data.corpus.CorpusReport;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Parameters;

/** {@code celllm corpus remove}: sources leave a corpus. */
@Command(
        name = "remove",
        mixinStandardHelpOptions = true,
        description = "Takes sources out of a corpus. Later cells move up, so models trained on it cannot be resumed.",
        footer = {"", "Example:  celllm corpus remove corpus pbmc-2"})
final class CorpusRemoveCommand implements Callable<Integer> {
    private final Console console;

    @Parameters(index = "0", paramLabel = "CORPUS", description = "The corpus.")
    Path corpus;

    @Parameters(
            index = "1..*",
            arity = "1..*",
            paramLabel = "NAME",
            description = "Names of sources, as it lists them.")
    List<String> names;

    @Mixin
    JsonOption json;

    CorpusRemoveCommand(Console console) {
        this.console = console;
    }

    @Override
    public Integer call() throws Exception {
        CorpusManifest manifest = CorpusBuilder.remove(corpus, names);
        CorpusTables.show(console, new CorpusReport(corpus, manifest, List.of(), List.of()));
        json.write(new ObjectMapper().valueToTree(manifest));
        return 0;
    }
}
