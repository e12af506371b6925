package org.celllm.app.command;

import org.celllm.network.Pooling;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/** {@code --pool}: which vector stands for a cell. */
final class PoolOption {
    @Option(
            names = "--pool",
            paramLabel = "cls|mean",
            description = "Which vector stands for a cell (default: the one the model was trained on).")
    @Nullable
    String pool;

    /** What was asked for; null for the model's own. */
    @Nullable
    Pooling pooling() {
        return pool == null ? null : Pooling.of(pool);
    }
}
