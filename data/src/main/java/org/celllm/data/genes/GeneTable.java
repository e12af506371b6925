package org.celllm.data.genes;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import org.celllm.data.files.Sha256;

/**
 * Embeddings of genes: one vector a gene, such as gene2vec. Not copied: whoever holds it leaves the values alone.
 *
 * @param genes [genes] whose vectors these are
 * @param dim numbers a vector
 * @param values [genes · dim] row by row, all finite
 */
public record GeneTable(GeneVocabulary genes, int dim, float[] values) {
    /** The widest vectors that are read. */
    public static final int WIDEST = 65_536;

    public GeneTable {
        if (dim < 1 || dim > WIDEST || values.length != Math.multiplyExact(genes.size(), dim)) {
            throw new IllegalArgumentException(
                    values.length + " numbers for " + genes.size() + " genes of " + dim + " dimensions");
        }
        for (float value : values) {
            if (!Float.isFinite(value)) {
                throw new IllegalArgumentException("a gene's vector holds " + value);
            }
        }
    }

    /** SHA-256 of names and values in hexadecimal: tables with the same hash are the same. */
    public String sha256() {
        MessageDigest digest = Sha256.digest();
        digest.update((dim + "\n" + String.join("\n", genes.names()) + "\n").getBytes(StandardCharsets.UTF_8));
        ByteBuffer row = ByteBuffer.allocate(4 * dim);
        for (int from = 0; from < values.length; from += dim) {
            row.clear().asFloatBuffer().put(values, from, dim);
            digest.update(row.array());
        }
        return Sha256.text(digest);
    }
}
