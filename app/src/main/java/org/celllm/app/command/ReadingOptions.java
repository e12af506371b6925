package org.celllm.app.command;

import java.io.IOException;
import org.celllm.data.genes.GeneIdentity;
import org.celllm.data.tokens.ValuesOption;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** How a user's file is read: the state of its values, the meaning of its gene names. */
final class ReadingOptions {
    @Option(
            names = "--values",
            paramLabel = "auto|counts|log1p|log2p1|scaled|asis",
            defaultValue = "auto",
            description = "State of the values (default: found out).")
    String values;

    @Mixin
    GeneTableOptions tables;

    ValuesOption valuesOption() {
        return ValuesOption.of(values);
    }

    /** Whether anything else than the usual was asked for. */
    boolean isGiven() {
        return valuesOption() != ValuesOption.AUTO || tables.isGiven();
    }

    GeneIdentity identity() throws IOException {
        return tables.tables().read();
    }
}
