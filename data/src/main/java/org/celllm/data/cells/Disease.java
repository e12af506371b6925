package org.celllm.data.cells;

/** Whether a cell comes from normal tissue or from a cancer; the code is what is stored in shards. */
public enum Disease {
    /** Nobody said. Such cells carry no normal-versus-cancer loss. */
    UNKNOWN(0),
    /** A normal cell. */
    NORMAL(1),
    /** A malignant cell. */
    CANCER(2);

    private final byte code;

    Disease(int code) {
        this.code = (byte) code;
    }

    /** The stored code: 0, 1, 2. */
    public byte code() {
        return code;
    }

    /** The disease of a stored code. */
    public static Disease of(int code) {
        return switch (code) {
            case 0 -> UNKNOWN;
            case 1 -> NORMAL;
            case 2 -> CANCER;
            default -> throw new IllegalArgumentException("no disease has the code " + code);
        };
    }

    /** The word for it on the command line and in JSON: {@code normal}. */
    public String word() {
        return name().toLowerCase(java.util.Locale.ROOT);
    }
}
