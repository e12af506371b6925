package org.celllm.data.safetensors;

/** The number format of a stored tensor, under the name that the header gives it. */
public enum StoredType {
    /** 64-bit floating point. */
    F64(8),
    /** 32-bit floating point. */
    F32(4),
    /** IEEE half precision. */
    F16(2),
    /** The upper half of a 32-bit float. */
    BF16(2),
    /** Signed 64-bit. */
    I64(8),
    /** Unsigned 64-bit. */
    U64(8),
    /** Signed 32-bit. */
    I32(4),
    /** Unsigned 32-bit. */
    U32(4),
    /** Signed 16-bit. */
    I16(2),
    /** Unsigned 16-bit. */
    U16(2),
    /** Signed 8-bit. */
    I8(1),
    /** Unsigned 8-bit. */
    U8(1),
    /** 0 or 1 in a byte. */
    BOOL(1);

    private final int bytes;

    StoredType(int bytes) {
        this.bytes = bytes;
    }

    /** Bytes a value. */
    public int bytes() {
        return bytes;
    }

    /** Whether values are floating point. */
    public boolean isFloating() {
        return this == F64 || this == F32 || this == F16 || this == BF16;
    }
}
