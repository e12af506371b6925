package org.celllm.tasks.embed;

import org.celllm.data.genes.GeneIdentity;
import org.celllm.data.tokens.ValuesOption;
import org.celllm.network.Pooling;
import org.celllm.network.runtime.Precision;
import org.jspecify.annotations.Nullable;

/**
 * How cells are embedded.
 *
 * @param pooling which vector stands for a cell; null for the one that the model was trained on
 * @param values what state the values of files are in; AUTO finds out
 * @param precision number formats of the encoder
 * @param identity how gene names are matched
 * @param threads chunks of cells encoded at once; 0 for as many as the machine has
 * @param memory resident bytes of the process above which freed memory is given back to the system; {@link Long#MAX_VALUE} for no
 *     bound
 */
public record EmbedSettings(
        @Nullable Pooling pooling,
        ValuesOption values,
        Precision precision,
        GeneIdentity identity,
        int threads,
        long memory) {
    public EmbedSettings {
        if (threads < 0 || memory < 1) {
            throw new IllegalArgumentException(threads + " threads, " + memory + " bytes");
        }
    }

    /** The vector that the model was trained on, values found out, float32, gene names as they are, all of the machine's cores. */
    public static EmbedSettings usual() {
        return new EmbedSettings(null, ValuesOption.AUTO, Precision.FLOAT32, GeneIdentity.plain(), 0, Long.MAX_VALUE);
    }

    /** The same with another pooling. */
    public EmbedSettings with(@Nullable Pooling other) {
        return new EmbedSettings(other, values, precision, identity, threads, memory);
    }

    /** The same for values in another state. */
    public EmbedSettings with(ValuesOption other) {
        return new EmbedSettings(pooling, other, precision, identity, threads, memory);
    }

    /** The same in other number formats. */
    public EmbedSettings with(Precision other) {
        return new EmbedSettings(pooling, values, other, identity, threads, memory);
    }

    /** The same with another way to match gene names. */
    public EmbedSettings with(GeneIdentity other) {
        return new EmbedSettings(pooling, values, precision, other, threads, memory);
    }

    /** The same with another number of threads. */
    public EmbedSettings withThreads(int other) {
        return new EmbedSettings(pooling, values, precision, identity, other, memory);
    }
}
