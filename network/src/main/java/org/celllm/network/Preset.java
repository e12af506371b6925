package org.celllm.network;

import java.util.Locale;
import org.celllm.data.InputException;

/** Networks with a name. All have 8 tokens, ⌊d · ln d⌋ random features and a feed-forward block of four times dim. */
public enum Preset {
    /** dim 64, 2 layers, 2 heads of 32: for tests and a first try. */
    TINY(64, 2, 2, 32, 2048),
    /** dim 128, 4 layers, 4 heads of 32: about 2 million operations a position; a laptop's model. */
    SMALL(128, 4, 4, 32, 4096),
    /** dim 512, 10 layers, 16 heads of 64: the published network, 51.9 million parameters over 19,379 genes. */
    PUBLISHED(512, 10, 16, 64, 6000);

    private final int dim;
    private final int depth;
    private final int heads;
    private final int headDim;
    private final int maxLength;

    Preset(int dim, int depth, int heads, int headDim, int maxLength) {
        this.dim = dim;
        this.depth = depth;
        this.heads = heads;
        this.headDim = headDim;
        this.maxLength = maxLength;
    }

    /**
     * The preset over a vocabulary, without padding and dropout.
     *
     * @param genes genes of the vocabulary
     */
    public NetworkConfig config(int genes) {
        return new NetworkConfig(dim, depth, heads, headDim, 0, 4, 8, genes, maxLength, false, PaddingMode.NONE, 0);
    }

    /** The name as it is written on the command line. */
    public String word() {
        return name().toLowerCase(Locale.ROOT);
    }

    /**
     * The preset called {@code word}.
     *
     * @throws InputException when there is none
     */
    public static Preset of(String word) {
        for (Preset preset : values()) {
            if (preset.word().equals(word.toLowerCase(Locale.ROOT))) {
                return preset;
            }
        }
        throw InputException.about("--preset")
                .found("there is no preset " + word)
                .expected("tiny, small or published")
                .build();
    }
}
