package org.celllm.data.tokens;

import java.util.Arrays;
import java.util.Locale;
import java.util.stream.Collectors;
import org.celllm.data.InputException;
import org.jspecify.annotations.Nullable;

/** What the user says the values are ({@code --values}). */
public enum ValuesOption {
    /** Find out: counts wherever the file has them, else the best slot there is. */
    AUTO(null),
    /** Raw counts; a file without any is refused. */
    COUNTS(ValueState.COUNTS),
    /** log(1 + counts per 10,000). */
    LOG1P(ValueState.LOG1P),
    /** log2(1 + x). */
    LOG2P1(ValueState.LOG2P1),
    /** Centred or scaled by gene; binned by quantiles of each gene. */
    SCALED(ValueState.SCALED),
    /** Already on the scale that is binned. */
    ASIS(ValueState.ASIS);

    private final @Nullable ValueState state;

    ValuesOption(@Nullable ValueState state) {
        this.state = state;
    }

    /** The state the user says the values have; {@code null} for {@link #AUTO}. */
    public @Nullable ValueState state() {
        return state;
    }

    /** The word on the command line. */
    public String word() {
        return name().toLowerCase(Locale.ROOT);
    }

    /**
     * The option of a word.
     *
     * @throws InputException when there is none
     */
    public static ValuesOption of(String word) {
        for (ValuesOption option : values()) {
            if (option.word().equals(word.toLowerCase(Locale.ROOT))) {
                return option;
            }
        }
        throw InputException.about("--values")
                .found("\"" + word + "\" is none of the states")
                .expected(Arrays.stream(values()).map(ValuesOption::word).collect(Collectors.joining(", ")))
                .build();
    }
}
