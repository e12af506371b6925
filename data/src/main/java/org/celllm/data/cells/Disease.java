package org.celllm.data.cells;

/** Whether a cell comes from normal tissue or from a cancer; the code is what is stored in shards. */
public enum Disease {
    /** Nobody said. Such cells carry no normal-versus-cancer loss. */
    UNKNOWN,
    /** A normal cell. */
    NORMAL,
    /** A malignant cell. */
    CANCER;

    /** The stored code: 0, 1, 2. */
    public byte code() {
        return (byte) ordinal();
    }

    /** The disease of a stored code. */
    public static Disease of(int code) {
        return values()[code];
    }

    /** The word for it on the command line and in JSON: {@code normal}. */
    public String word() {
        return name().toLowerCase(java.util.Locale.ROOT);
    }
}
