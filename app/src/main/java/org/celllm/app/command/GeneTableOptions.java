package org.celllm.app.command;

import java.nio.file.Path;
import org.celllm.data.genes.IdentityTables;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/** Tables that the names of genes are looked up in. */
final class GeneTableOptions {
    @Option(
            names = "--hgnc",
            paramLabel = "FILE",
            description = "HGNC table, to know aliases, previous symbols, Ensembl and Entrez ids by.")
    @Nullable
    Path hgnc;

    @Option(
            names = "--gencode",
            paramLabel = "FILE",
            description = "Table of Ensembl ids and gene names, such as GENCODE's, for what HGNC does not know.")
    @Nullable
    Path gencode;

    @Option(
            names = "--orthologues",
            paramLabel = "FILE",
            description =
                    "Table of mouse and human orthologues (Ensembl BioMart, MGI), to take mouse genes for their human"
                            + " ones by; only one-to-one pairs are used.")
    @Nullable
    Path orthologues;

    /** Whether any was named. */
    boolean isGiven() {
        return hgnc != null || gencode != null || orthologues != null;
    }

    /** The files. */
    IdentityTables tables() {
        return new IdentityTables(hgnc, gencode, orthologues);
    }
}
