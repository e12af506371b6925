package org.celllm.network.onednn;

import static org.bytedeco.dnnl.global.dnnl.dnnl_bf16;
import static org.bytedeco.dnnl.global.dnnl.dnnl_f32;
import static org.bytedeco.dnnl.global.dnnl.dnnl_memory_desc_create_with_strides;

import org.bytedeco.dnnl.dnnl_memory_desc;
import org.bytedeco.pytorch.global.torch.ScalarType;

/**
 * How the numbers of an operand lie in memory.
 *
 * @param format number format
 * @param sizes of the dimensions
 * @param strides numbers from one index to the next, by dimension
 */
public record Strided(Format format, long[] sizes, long[] strides) {
    /** Number formats of operands. */
    public enum Format {
        /** 32-bit floats. */
        FLOAT32(dnnl_f32, ScalarType.Float, Float.BYTES),
        /** bfloat16. */
        BFLOAT16(dnnl_bf16, ScalarType.BFloat16, Short.BYTES);

        private final int code;
        private final ScalarType type;
        private final int bytes;

        Format(int code, ScalarType type, int bytes) {
            this.code = code;
            this.type = type;
            this.bytes = bytes;
        }

        /** The format of libtorch's tensors. */
        public ScalarType type() {
            return type;
        }

        /** Bytes of a number. */
        public int bytes() {
            return bytes;
        }
    }

    public Strided {
        if (sizes.length != strides.length) {
            throw new IllegalArgumentException(sizes.length + " sizes, " + strides.length + " strides");
        }
    }

    /** A matrix whose rows follow each other. */
    public static Strided rows(Format format, long rows, long columns) {
        return new Strided(format, new long[] {rows, columns}, new long[] {columns, 1});
    }

    /** Matrices of {@code rows × columns}, one a head. */
    public static Strided heads(
            Format format, long heads, long rows, long columns, long headStride, long rowStride, long columnStride) {
        return new Strided(format, new long[] {heads, rows, columns}, new long[] {headStride, rowStride, columnStride});
    }

    /** The library's description, which the caller destroys. */
    dnnl_memory_desc describe() {
        dnnl_memory_desc description = new dnnl_memory_desc();
        OneDnn.check(
                dnnl_memory_desc_create_with_strides(description, sizes.length, sizes, format.code, strides),
                "a memory layout");
        return description;
    }
}
