package org.celllm.network.runtime;

import java.util.Locale;
import org.bytedeco.pytorch.global.torch.ScalarType;
import org.celllm.data.InputException;

/** Number formats of weights and products. */
public enum Precision {
    /** 32-bit floats throughout. */
    FLOAT32(ScalarType.Float, ScalarType.Float),
    /** 64-bit floats throughout: for tests that must tell a wrong formula from rounding. */
    FLOAT64(ScalarType.Double, ScalarType.Double),
    /**
     * The large products on bfloat16 operands; weights, statistics, features and the residual stream in 32-bit floats. A
     * network in published padding mode is there to give the published figures, and computes in 32-bit floats even so.
     */
    BFLOAT16(ScalarType.Float, ScalarType.BFloat16);

    private final ScalarType stored;
    private final ScalarType product;

    Precision(ScalarType stored, ScalarType product) {
        this.stored = stored;
        this.product = product;
    }

    /** Format of the weights and the residual stream. */
    public ScalarType stored() {
        return stored;
    }

    /** Format of the operands of the large products. */
    public ScalarType product() {
        return product;
    }

    /** The word on the command line. */
    public String word() {
        return name().toLowerCase(Locale.ROOT);
    }

    /**
     * What {@code auto} stands for on this machine: {@link #BFLOAT16} where the processor multiplies such numbers itself
     * and so two to four times as fast, {@link #FLOAT32} elsewhere.
     */
    public static Precision fastest() {
        return Torch.multipliesBfloat16() ? BFLOAT16 : FLOAT32;
    }

    /**
     * The precision called {@code word}; {@code auto} is {@link #fastest()}.
     *
     * @throws InputException when there is none
     */
    public static Precision of(String word) {
        return switch (word.toLowerCase(Locale.ROOT)) {
            case "auto" -> fastest();
            case "float32" -> FLOAT32;
            case "bfloat16" -> BFLOAT16;
            case "float64" -> FLOAT64;
            default ->
                throw InputException.about("--precision")
                        .found("there is no precision " + word)
                        .expected("auto, float32 or bfloat16")
                        .build();
        };
    }
}
