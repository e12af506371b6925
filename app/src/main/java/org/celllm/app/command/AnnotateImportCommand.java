package org.celllm.app.command;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.Callable;
import org.celllm.app.console.Console;
import org.celllm.tasks.annotate.ImportedAnnotator;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code celllm annotate import}: an imported classifier becomes an annotator. */
@Command(
        name = "import",
        mixinStandardHelpOptions = true,
        description = "Makes an annotator of a model that was imported with the published cell-type classifier.",
        footer = {
            "",
            "Example:  celllm import classifier.pth --genes genes.txt --out model",
            "          celllm annotate import model --labels labels.txt --out annotator"
        })
final class AnnotateImportCommand implements Callable<Integer> {
    private final Console console;

    @Parameters(index = "0", paramLabel = "MODEL", description = "The model's folder.")
    Path model;

    @Option(
            names = "--labels",
            required = true,
            paramLabel = "FILE",
            description = "The classes' names, one a line, in the order of the classifier's outputs.")
    Path labels;

    @Mixin
    OutputOption out;

    @Mixin
    JsonOption json;

    AnnotateImportCommand(Console console) {
        this.console = console;
    }

    @Override
    public Integer call() throws Exception {
        Path target = out.freeFolder(FolderKind.ANNOTATOR);
        List<String> names = ImportedAnnotator.write(model, labels, target);
        console.line("classes: " + String.join(", ", names));
        console.line("annotator: " + target);
        json.write(JsonNodeFactory.instance
                .objectNode()
                .put("annotator", target.toString())
                .put("classes", names.size()));
        return 0;
    }
}
