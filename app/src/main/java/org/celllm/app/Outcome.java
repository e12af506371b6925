package org.celllm.app;

import org.jspecify.annotations.Nullable;

/**
 * How a run of the command ended.
 *
 * @param code one of {@link ExitCode}
 * @param error the sentence that was printed, {@code null} when all went well
 */
public record Outcome(int code, @Nullable String error) {}
