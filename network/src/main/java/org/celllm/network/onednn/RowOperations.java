package org.celllm.network.onednn;

import static org.bytedeco.dnnl.global.dnnl.DNNL_ARG_DIFF_DST;
import static org.bytedeco.dnnl.global.dnnl.DNNL_ARG_DIFF_SCALE;
import static org.bytedeco.dnnl.global.dnnl.DNNL_ARG_DIFF_SHIFT;
import static org.bytedeco.dnnl.global.dnnl.DNNL_ARG_DIFF_SRC;
import static org.bytedeco.dnnl.global.dnnl.DNNL_ARG_DST;
import static org.bytedeco.dnnl.global.dnnl.DNNL_ARG_MEAN;
import static org.bytedeco.dnnl.global.dnnl.DNNL_ARG_SCALE;
import static org.bytedeco.dnnl.global.dnnl.DNNL_ARG_SHIFT;
import static org.bytedeco.dnnl.global.dnnl.DNNL_ARG_SRC;
import static org.bytedeco.dnnl.global.dnnl.DNNL_ARG_SRC_0;
import static org.bytedeco.dnnl.global.dnnl.DNNL_ARG_SRC_1;
import static org.bytedeco.dnnl.global.dnnl.DNNL_ARG_VARIANCE;
import static org.bytedeco.dnnl.global.dnnl.dnnl_backward;
import static org.bytedeco.dnnl.global.dnnl.dnnl_binary_eq;
import static org.bytedeco.dnnl.global.dnnl.dnnl_binary_mul;
import static org.bytedeco.dnnl.global.dnnl.dnnl_binary_primitive_desc_create;
import static org.bytedeco.dnnl.global.dnnl.dnnl_data_type_undef;
import static org.bytedeco.dnnl.global.dnnl.dnnl_eltwise_backward_primitive_desc_create;
import static org.bytedeco.dnnl.global.dnnl.dnnl_eltwise_forward_primitive_desc_create;
import static org.bytedeco.dnnl.global.dnnl.dnnl_eltwise_gelu_erf;
import static org.bytedeco.dnnl.global.dnnl.dnnl_eltwise_linear;
import static org.bytedeco.dnnl.global.dnnl.dnnl_forward_inference;
import static org.bytedeco.dnnl.global.dnnl.dnnl_forward_training;
import static org.bytedeco.dnnl.global.dnnl.dnnl_layer_normalization_backward_primitive_desc_create;
import static org.bytedeco.dnnl.global.dnnl.dnnl_layer_normalization_forward_primitive_desc_create;
import static org.bytedeco.dnnl.global.dnnl.dnnl_memory_desc_destroy;
import static org.bytedeco.dnnl.global.dnnl.dnnl_post_ops_append_eltwise;
import static org.bytedeco.dnnl.global.dnnl.dnnl_post_ops_append_sum;
import static org.bytedeco.dnnl.global.dnnl.dnnl_primitive_desc_destroy;
import static org.bytedeco.dnnl.global.dnnl.dnnl_reduction_max;
import static org.bytedeco.dnnl.global.dnnl.dnnl_reduction_primitive_desc_create;
import static org.bytedeco.dnnl.global.dnnl.dnnl_reduction_sum;
import static org.bytedeco.dnnl.global.dnnl.dnnl_use_scale;
import static org.bytedeco.dnnl.global.dnnl.dnnl_use_shift;

import java.util.List;
import java.util.stream.Stream;
import org.bytedeco.dnnl.dnnl_memory_desc;
import org.bytedeco.dnnl.dnnl_primitive_desc;
import org.celllm.network.onednn.Strided.Format;

/** Operations on the rows of a matrix in the format of the large products; on bfloat16 several times as fast as libtorch's. */
public final class RowOperations {
    private RowOperations() {}

    /**
     * LayerNorm. Operands of a run: matrix [rows, columns] of 32-bit floats, out in the format, scale and shift [columns] of 32-bit
     * floats; and mean and variance [rows] of 32-bit floats to write, where they are wanted.
     *
     * @param epsilon added to the variance
     * @param statistics whether mean and variance are wanted
     */
    public static Program norm(
            OneDnn library, Format format, long rows, long columns, double epsilon, boolean statistics) {
        Strided byRow = new Strided(Format.FLOAT32, new long[] {rows}, new long[] {1});
        Attributes attributes = new Attributes();
        dnnl_primitive_desc description = new dnnl_primitive_desc();
        Strided byColumn = new Strided(Format.FLOAT32, new long[] {columns}, new long[] {1});
        List<dnnl_memory_desc> layouts = layouts(
                Strided.rows(Format.FLOAT32, rows, columns),
                Strided.rows(format, rows, columns),
                byColumn,
                byColumn,
                byRow,
                byRow);
        try {
            OneDnn.check(
                    dnnl_layer_normalization_forward_primitive_desc_create(
                            description,
                            library.engine(),
                            statistics ? dnnl_forward_training : dnnl_forward_inference,
                            layouts.get(0),
                            layouts.get(1),
                            layouts.get(4),
                            (float) epsilon,
                            dnnl_use_scale | dnnl_use_shift,
                            attributes.get()),
                    "a norm");
            return new Program(
                    library,
                    description,
                    statistics
                            ? new int[] {
                                DNNL_ARG_SRC,
                                DNNL_ARG_DST,
                                DNNL_ARG_SCALE,
                                DNNL_ARG_SHIFT,
                                DNNL_ARG_MEAN,
                                DNNL_ARG_VARIANCE
                            }
                            : new int[] {DNNL_ARG_SRC, DNNL_ARG_DST, DNNL_ARG_SCALE, DNNL_ARG_SHIFT},
                    layouts);
        } finally {
            forget(attributes, layouts);
        }
    }

    /**
     * The gradient of {@link #norm}. Operands of a run: matrix [rows, columns], its mean and variance [rows], the scale [columns], the
     * gradient of what the norm gave [rows, columns], out: that of the matrix; and those of scale and shift [columns]. All are 32-bit floats.
     *
     * @param epsilon added to the variance
     */
    public static Program normGradient(OneDnn library, long rows, long columns, double epsilon) {
        Strided matrix = Strided.rows(Format.FLOAT32, rows, columns);
        Strided byRow = new Strided(Format.FLOAT32, new long[] {rows}, new long[] {1});
        Strided byColumn = new Strided(Format.FLOAT32, new long[] {columns}, new long[] {1});
        Attributes attributes = new Attributes();
        dnnl_primitive_desc forward = new dnnl_primitive_desc();
        dnnl_primitive_desc backward = new dnnl_primitive_desc();
        List<dnnl_memory_desc> layouts = layouts(matrix, byRow, byRow, byColumn, matrix, matrix, byColumn, byColumn);
        int flags = dnnl_use_scale | dnnl_use_shift;
        try {
            OneDnn.check(
                    dnnl_layer_normalization_forward_primitive_desc_create(
                            forward,
                            library.engine(),
                            dnnl_forward_training,
                            layouts.get(0),
                            layouts.get(0),
                            layouts.get(1),
                            (float) epsilon,
                            flags,
                            attributes.get()),
                    "a norm");
            OneDnn.check(
                    dnnl_layer_normalization_backward_primitive_desc_create(
                            backward,
                            library.engine(),
                            dnnl_backward,
                            layouts.get(0),
                            layouts.get(0),
                            layouts.get(0),
                            layouts.get(1),
                            (float) epsilon,
                            flags,
                            forward,
                            attributes.get()),
                    "the gradient of a norm");
            OneDnn.check(dnnl_primitive_desc_destroy(forward), "to forget a description");
            int[] codes = {
                DNNL_ARG_SRC,
                DNNL_ARG_MEAN,
                DNNL_ARG_VARIANCE,
                DNNL_ARG_SCALE,
                DNNL_ARG_DIFF_DST,
                DNNL_ARG_DIFF_SRC,
                DNNL_ARG_DIFF_SCALE,
                DNNL_ARG_DIFF_SHIFT
            };
            return new Program(library, backward, codes, layouts);
        } finally {
            forget(attributes, layouts);
        }
    }

    /** GELU, by the error function. Operands of a run: matrix, out. */
    public static Program gelu(OneDnn library, Format format, long rows, long columns) {
        return gelu(library, format, rows, columns, false);
    }

    /** The gradient of GELU. Operands of a run: matrix, gradient of its GELU, out: gradient of the matrix. */
    public static Program geluGradient(OneDnn library, Format format, long rows, long columns) {
        return gelu(library, format, rows, columns, true);
    }

    private static Program gelu(OneDnn library, Format format, long rows, long columns, boolean gradient) {
        Attributes attributes = new Attributes();
        dnnl_primitive_desc forward = new dnnl_primitive_desc();
        Strided matrix = Strided.rows(format, rows, columns);
        List<dnnl_memory_desc> layouts = layouts(matrix, matrix, matrix);
        try {
            OneDnn.check(
                    dnnl_eltwise_forward_primitive_desc_create(
                            forward,
                            library.engine(),
                            dnnl_forward_training,
                            dnnl_eltwise_gelu_erf,
                            layouts.get(0),
                            layouts.get(1),
                            0,
                            0,
                            attributes.get()),
                    "GELU");
            if (!gradient) {
                return new Program(library, forward, new int[] {DNNL_ARG_SRC, DNNL_ARG_DST}, layouts);
            }
            dnnl_primitive_desc backward = new dnnl_primitive_desc();
            OneDnn.check(
                    dnnl_eltwise_backward_primitive_desc_create(
                            backward,
                            library.engine(),
                            dnnl_eltwise_gelu_erf,
                            layouts.get(2),
                            layouts.get(1),
                            layouts.get(0),
                            0,
                            0,
                            forward,
                            attributes.get()),
                    "the gradient of GELU");
            OneDnn.check(dnnl_primitive_desc_destroy(forward), "to forget a description");
            return new Program(
                    library, backward, new int[] {DNNL_ARG_SRC, DNNL_ARG_DIFF_DST, DNNL_ARG_DIFF_SRC}, layouts);
        } finally {
            forget(attributes, layouts);
        }
    }

    /** Operands of a run: matrix [rows, columns], then its highest number by row, [rows, 1] 32-bit floats. */
    public static Program highest(OneDnn library, Format format, long rows, long columns) {
        return reduction(library, format, rows, columns, dnnl_reduction_max, new Attributes());
    }

    /**
     * Operands of a run: matrix [rows, columns], then its sum by row, [rows, 1] 32-bit floats.
     *
     * @param sign 1, or −1 for what the sum is short of nothing
     */
    public static Program sum(OneDnn library, Format format, long rows, long columns, int sign) {
        Attributes attributes = new Attributes();
        if (sign < 0) {
            attributes.postOps(ops -> dnnl_post_ops_append_eltwise(ops, dnnl_eltwise_linear, -1, 0));
        }
        return reduction(library, format, rows, columns, dnnl_reduction_sum, attributes);
    }

    private static Program reduction(
            OneDnn library, Format format, long rows, long columns, int operation, Attributes attributes) {
        dnnl_primitive_desc description = new dnnl_primitive_desc();
        List<dnnl_memory_desc> layouts =
                layouts(Strided.rows(format, rows, columns), Strided.rows(Format.FLOAT32, rows, 1));
        try {
            OneDnn.check(
                    dnnl_reduction_primitive_desc_create(
                            description,
                            library.engine(),
                            operation,
                            layouts.get(0),
                            layouts.get(1),
                            0,
                            0,
                            attributes.get()),
                    "a reduction by row");
            return new Program(library, description, new int[] {DNNL_ARG_SRC, DNNL_ARG_DST}, layouts);
        } finally {
            forget(attributes, layouts);
        }
    }

    /** Operands of a run: matrix, [rows, 1] 32-bit floats, out: 1 where the matrix has its row's number, else 0. */
    public static Program equal(OneDnn library, Format format, long rows, long columns) {
        return binary(library, format, rows, columns, dnnl_binary_eq, new Attributes());
    }

    /** Operands of a run: matrix, [rows, 1] 32-bit floats, out: to which the matrix times its row's number is added. */
    public static Program addScaled(OneDnn library, Format format, long rows, long columns) {
        Attributes attributes = new Attributes();
        attributes.postOps(ops -> dnnl_post_ops_append_sum(ops, 1, 0, dnnl_data_type_undef));
        return binary(library, format, rows, columns, dnnl_binary_mul, attributes);
    }

    private static Program binary(
            OneDnn library, Format format, long rows, long columns, int operation, Attributes attributes) {
        dnnl_primitive_desc description = new dnnl_primitive_desc();
        Strided matrix = Strided.rows(format, rows, columns);
        List<dnnl_memory_desc> layouts = layouts(matrix, Strided.rows(Format.FLOAT32, rows, 1), matrix);
        try {
            OneDnn.check(
                    dnnl_binary_primitive_desc_create(
                            description,
                            library.engine(),
                            operation,
                            layouts.get(0),
                            layouts.get(1),
                            layouts.get(2),
                            attributes.get()),
                    "an operation by row");
            return new Program(library, description, new int[] {DNNL_ARG_SRC_0, DNNL_ARG_SRC_1, DNNL_ARG_DST}, layouts);
        } finally {
            forget(attributes, layouts);
        }
    }

    private static List<dnnl_memory_desc> layouts(Strided... operands) {
        return Stream.of(operands).map(Strided::describe).toList();
    }

    private static void forget(Attributes attributes, List<dnnl_memory_desc> layouts) {
        attributes.close();
        layouts.forEach(layout -> OneDnn.check(dnnl_memory_desc_destroy(layout), "to forget a layout"));
    }
}
