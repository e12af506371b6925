package org.celllm.tasks.embed;

import org.celllm.data.genes.GeneIdentity;
import org.celllm.data.tokens.ValuesOption;
import org.celllm.network.runtime.Precision;

/**
 * How cells are embedded.
 *
 * @param pooling which vector stands for a cell
 * @param values what state the values of files are in; AUTO finds out
 * @param precision number formats of the encoder
 * @param identity how gene names are matched
 */
public record EmbedSettings(Pooling pooling, ValuesOption values, Precision precision, GeneIdentity identity) {
    /** CLS, values found out, float32, gene names as they are. */
    public static EmbedSettings usual() {
        return new EmbedSettings(Pooling.CLS, ValuesOption.AUTO, Precision.FLOAT32, GeneIdentity.plain());
    }

    /** The same with another pooling. */
    public EmbedSettings with(Pooling other) {
        return new EmbedSettings(other, values, precision, identity);
    }

    /** The same for values in another state. */
    public EmbedSettings with(ValuesOption other) {
        return new EmbedSettings(pooling, other, precision, identity);
    }

    /** The same in other number formats. */
    public EmbedSettings with(Precision other) {
        return new EmbedSettings(pooling, values, other, identity);
    }

    /** The same with another way to match gene names. */
    public EmbedSettings with(GeneIdentity other) {
        return new EmbedSettings(pooling, values, precision, other);
    }
}
