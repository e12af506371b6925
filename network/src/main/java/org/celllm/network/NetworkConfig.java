package org.celllm.network;

import com.fasterxml.jackson.annotation.JsonIgnore;
import com.fasterxml.jackson.annotation.JsonIgnoreProperties;

/**
 * The size and kind of a network. Immutable; its JSON form is part of a model's {@code config.json}.
 *
 * @param dim width of the residual stream
 * @param depth encoder layers
 * @param heads attention heads
 * @param headDim width of a head; {@code heads · headDim} need not be {@code dim}
 * @param features random features a head; 0 for ⌊headDim · ln headDim⌋, which {@link #randomFeatures()} resolves
 * @param feedForward hidden width of the feed-forward block as a multiple of {@code dim}
 * @param tokens expression tokens: bins 0 … tokens − 3, then CLS, then mask (and padding)
 * @param genes genes of the vocabulary; the gene table has two more rows, for CLS and padding
 * @param maxLength longest sequence, CLS included
 * @param qkvBias whether the query, key and value products have a bias
 * @param padding what stands behind the last expressed gene
 * @param dropout rate of the dropouts that training uses by default, 0 as published
 */
@JsonIgnoreProperties(ignoreUnknown = true)
public record NetworkConfig(
        int dim,
        int depth,
        int heads,
        int headDim,
        int features,
        int feedForward,
        int tokens,
        int genes,
        int maxLength,
        boolean qkvBias,
        PaddingMode padding,
        double dropout) {
    /** As many genes as a 16-bit index holds beside the CLS and padding rows. */
    private static final int MOST_GENES = 65_533;

    public NetworkConfig {
        require(dim >= 1 && dim <= 65_536, "dim", dim, "1 to 65536");
        require(depth >= 1 && depth <= 1000, "depth", depth, "1 to 1000");
        require(heads >= 1 && heads <= 1024, "heads", heads, "1 to 1024");
        require(headDim >= 1 && headDim <= 4096, "headDim", headDim, "1 to 4096");
        require(features >= 0 && features <= 65_536, "features", features, "0 to 65536");
        require(feedForward >= 1 && feedForward <= 64, "feedForward", feedForward, "1 to 64");
        require(tokens >= 3 && tokens <= 65_536, "tokens", tokens, "3 to 65536");
        require(genes >= 1 && genes <= MOST_GENES, "genes", genes, "1 to " + MOST_GENES);
        require(maxLength >= 1, "maxLength", maxLength, "at least 1");
        if (!(dropout >= 0 && dropout < 1)) {
            throw new IllegalArgumentException("dropout is " + dropout + "; expected 0 ≤ dropout < 1");
        }
    }

    /** Random features a head: what was asked for, or ⌊headDim · ln headDim⌋ and at least 1. */
    public int randomFeatures() {
        return features > 0 ? features : Math.max(1, (int) (headDim * Math.log(headDim)));
    }

    /** Width of all heads side by side. */
    public int inner() {
        return heads * headDim;
    }

    /** Hidden width of the feed-forward block. */
    public int hidden() {
        return feedForward * dim;
    }

    /** The token of CLS. */
    public int clsToken() {
        return tokens - 2;
    }

    /** The token of a masked gene, which is also that of padding. */
    public int maskToken() {
        return tokens - 1;
    }

    /** The highest expression bin. */
    public int highestBin() {
        return tokens - 3;
    }

    /** Parameters of the encoder and its token head, the frozen gene table included, other heads not. */
    @JsonIgnore
    public long parameters() {
        return encoderParameters() + (genes + 2L) * dim;
    }

    /** Of {@link #parameters()}, those that training changes while the gene table is frozen. */
    @JsonIgnore
    public long encoderParameters() {
        long attention = 3L * inner() * dim + (qkvBias ? 3L * inner() : 0) + (long) inner() * dim + dim;
        long forward = 2L * hidden() * dim + hidden() + dim;
        long layer = attention + forward + 4L * dim;
        return depth * layer + 2L * dim + (long) tokens * dim + (long) tokens * dim + tokens;
    }

    /**
     * Floating-point operations of the encoder for one forward pass over a position: products only, two operations a
     * multiply-add. A backward pass costs twice as many.
     */
    public double flopsPerPosition() {
        double linear = 2.0 * dim * (4.0 * inner() + 2.0 * hidden());
        double attention = 8.0 * inner() * randomFeatures();
        return depth * (linear + attention);
    }

    /** The same network over another vocabulary. */
    public NetworkConfig withGenes(int otherGenes) {
        return new NetworkConfig(
                dim,
                depth,
                heads,
                headDim,
                features,
                feedForward,
                tokens,
                otherGenes,
                maxLength,
                qkvBias,
                padding,
                dropout);
    }

    /** The same network with another longest sequence. */
    public NetworkConfig withMaxLength(int otherLength) {
        return new NetworkConfig(
                dim,
                depth,
                heads,
                headDim,
                features,
                feedForward,
                tokens,
                genes,
                otherLength,
                qkvBias,
                padding,
                dropout);
    }

    /** The same network in another padding mode. */
    public NetworkConfig withPadding(PaddingMode otherPadding) {
        return new NetworkConfig(
                dim,
                depth,
                heads,
                headDim,
                features,
                feedForward,
                tokens,
                genes,
                maxLength,
                qkvBias,
                otherPadding,
                dropout);
    }

    private static void require(boolean holds, String what, int found, String expected) {
        if (!holds) {
            throw new IllegalArgumentException(what + " is " + found + "; expected " + expected);
        }
    }
}
