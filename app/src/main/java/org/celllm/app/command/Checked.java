package org.celllm.app.command;

import java.util.function.Supplier;
import org.celllm.data.InputException;

/** Turns what a settings record refuses into an error about the option it came from. */
final class Checked {
    private Checked() {}

    /**
     * The settings.
     *
     * @param option or options that they come from
     * @throws InputException when the record refuses its values
     */
    static <T> T option(String option, Supplier<T> settings) {
        try {
            return settings.get();
        } catch (IllegalArgumentException e) {
            throw InputException.about(option)
                    .found(String.valueOf(e.getMessage()))
                    .build(e);
        }
    }
}
