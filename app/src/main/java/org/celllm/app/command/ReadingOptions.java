package org.celllm.app.command;

import java.io.IOException;
import java.nio.file.Path;
import org.celllm.data.genes.GeneIdentity;
import org.celllm.data.genes.HgncTable;
import org.celllm.data.tokens.ValuesOption;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/** How a user's file is read: the state of its values, the meaning of its gene names. */
final class ReadingOptions {
    @Option(
            names = "--values",
            paramLabel = "auto|counts|log1p|log2p1|scaled|asis",
            defaultValue = "auto",
            description = "State of the values (default: found out).")
    String values;

    @Option(
            names = "--hgnc",
            paramLabel = "FILE",
            description = "HGNC table, to know aliases, previous symbols, Ensembl and Entrez ids by.")
    @Nullable
    Path hgnc;

    ValuesOption valuesOption() {
        return ValuesOption.of(values);
    }

    GeneIdentity identity() throws IOException {
        return hgnc == null ? GeneIdentity.plain() : GeneIdentity.with(HgncTable.read(hgnc));
    }
}
