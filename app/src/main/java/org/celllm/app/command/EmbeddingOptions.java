package org.celllm.app.command;

import java.io.IOException;
import org.celllm.tasks.embed.EmbedSettings;
import picocli.CommandLine.Mixin;

/** The options of every verb that embeds the cells of a file: which vector, how the file is read, how it is computed. */
final class EmbeddingOptions {
    @Mixin
    PoolOption pool;

    @Mixin
    ReadingOptions reading;

    @Mixin
    ComputeOptions compute;

    /** As asked for. */
    EmbedSettings settings() throws IOException {
        return compute.settings(reading).with(pool.pooling());
    }
}
