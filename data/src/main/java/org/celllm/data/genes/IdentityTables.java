package org.celllm.data.genes;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.celllm.data.InputException;
import org.celllm.data.files.Sha256;
import org.jspecify.annotations.Nullable;

/**
 * The files that genes are told by.
 *
 * @param hgnc table of approved names, aliases and ids, or {@code null}
 * @param gencode table of Ensembl ids and names, or {@code null}
 * @param orthologues table of mouse and human orthologues, or {@code null}
 */
public record IdentityTables(
        @Nullable Path hgnc,
        @Nullable Path gencode,
        @Nullable Path orthologues) {
    /** None: names are taken as they are. */
    public static final IdentityTables NONE = new IdentityTables(null, null, null);

    /** Just an HGNC table. */
    public static IdentityTables ofHgnc(Path hgnc) {
        return new IdentityTables(hgnc, null, null);
    }

    /** Whether there is none. */
    public boolean isEmpty() {
        return hgnc == null && gencode == null && orthologues == null;
    }

    /**
     * Reads them.
     *
     * @throws InputException when one cannot be used
     */
    public GeneIdentity read() throws IOException {
        return GeneIdentity.of(
                hgnc == null ? null : HgncTable.read(hgnc),
                gencode == null ? null : GencodeTable.read(gencode),
                orthologues == null ? null : OrthologueTable.read(orthologues));
    }

    /** Kinds and SHA-256 of the files: tables with the same text tell genes alike. */
    public String fingerprint() throws IOException {
        List<String> parts = new ArrayList<>();
        parts.add(hgnc == null ? "no HGNC table" : "HGNC table " + Sha256.of(hgnc));
        if (gencode != null) {
            parts.add("GENCODE table " + Sha256.of(gencode));
        }
        if (orthologues != null) {
            parts.add("orthologues " + Sha256.of(orthologues));
        }
        return String.join(", ", parts);
    }
}
