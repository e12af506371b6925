package org.celllm.network.onednn;

import static org.bytedeco.dnnl.global.dnnl.DNNL_ARG_ATTR_MULTIPLE_POST_OP_BASE;
import static org.bytedeco.dnnl.global.dnnl.DNNL_ARG_BIAS;
import static org.bytedeco.dnnl.global.dnnl.DNNL_ARG_DST;
import static org.bytedeco.dnnl.global.dnnl.DNNL_ARG_SRC;
import static org.bytedeco.dnnl.global.dnnl.DNNL_ARG_SRC_1;
import static org.bytedeco.dnnl.global.dnnl.DNNL_ARG_WEIGHTS;
import static org.bytedeco.dnnl.global.dnnl.dnnl_binary_add;
import static org.bytedeco.dnnl.global.dnnl.dnnl_binary_mul;
import static org.bytedeco.dnnl.global.dnnl.dnnl_data_type_undef;
import static org.bytedeco.dnnl.global.dnnl.dnnl_eltwise_exp;
import static org.bytedeco.dnnl.global.dnnl.dnnl_eltwise_gelu_erf;
import static org.bytedeco.dnnl.global.dnnl.dnnl_matmul_primitive_desc_create;
import static org.bytedeco.dnnl.global.dnnl.dnnl_memory_desc_destroy;
import static org.bytedeco.dnnl.global.dnnl.dnnl_post_ops_append_binary;
import static org.bytedeco.dnnl.global.dnnl.dnnl_post_ops_append_eltwise;
import static org.bytedeco.dnnl.global.dnnl.dnnl_post_ops_append_sum;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.function.ToIntFunction;
import org.bytedeco.dnnl.dnnl_memory_desc;
import org.bytedeco.dnnl.dnnl_post_ops;
import org.bytedeco.dnnl.dnnl_primitive_desc;

/**
 * A matrix product, or one a head, with what follows it done in the same pass. Sums are kept in 32-bit floats whatever the
 * operands are. The operands of a run are left, right, out, then the bias and the factor or term where there are any.
 *
 * <pre>{@code Program features = Product.of(rows, directions, out).bias().exponential().prepare(library);}</pre>
 *
 * <p>Immutable.
 *
 * @param left [rows, inner], with heads before or not
 * @param right [inner, columns], likewise
 * @param out [rows, columns], likewise
 * @param biased whether a number a column, 32-bit floats, is added to the product
 * @param finish what follows
 */
public record Product(Strided left, Strided right, Strided out, boolean biased, Finish finish) {
    /** What follows a product and its bias. */
    public enum Finish {
        /** Nothing. */
        NONE,
        /** The exponential. */
        EXPONENTIAL,
        /** GELU, by the error function. */
        GELU,
        /** What is there already is added; out is of 32-bit floats. */
        ACCUMULATE,
        /** A factor, which lies as out does, is multiplied with it. */
        TIMES,
        /** A term, which lies as out does, is added. */
        PLUS
    }

    /** out = left · right. */
    public static Product of(Strided left, Strided right, Strided out) {
        return new Product(left, right, out, false, Finish.NONE);
    }

    /** With a bias. */
    public Product bias() {
        return new Product(left, right, out, true, finish);
    }

    /** Followed by something. */
    public Product then(Finish other) {
        return new Product(left, right, out, biased, other);
    }

    /**
     * Prepares it.
     *
     * @throws UnsupportedOperationException when the library has only slow code for these shapes
     */
    public Program prepare(OneDnn library) {
        List<dnnl_memory_desc> layouts = new ArrayList<>(List.of(left.describe(), right.describe(), out.describe()));
        List<Integer> codes = new ArrayList<>(List.of(DNNL_ARG_SRC, DNNL_ARG_WEIGHTS, DNNL_ARG_DST));
        dnnl_memory_desc bias = new dnnl_memory_desc();
        if (biased) {
            long[] sizes = new long[out.sizes().length];
            Arrays.fill(sizes, 1);
            long columns = out.sizes()[sizes.length - 1];
            long[] strides = new long[sizes.length];
            Arrays.fill(strides, columns);
            sizes[sizes.length - 1] = columns;
            strides[sizes.length - 1] = 1;
            bias = new Strided(Strided.Format.FLOAT32, sizes, strides).describe();
            layouts.add(bias);
            codes.add(DNNL_ARG_BIAS);
        }
        if (finish == Finish.TIMES || finish == Finish.PLUS) {
            layouts.add(out.describe());
            codes.add(DNNL_ARG_ATTR_MULTIPLE_POST_OP_BASE | DNNL_ARG_SRC_1);
        }
        try (Attributes attributes = new Attributes()) {
            if (finish != Finish.NONE) {
                attributes.postOps(postOp(layouts.get(layouts.size() - 1)));
            }
            dnnl_primitive_desc description = new dnnl_primitive_desc();
            OneDnn.check(
                    dnnl_matmul_primitive_desc_create(
                            description,
                            library.engine(),
                            layouts.get(0),
                            layouts.get(1),
                            bias,
                            layouts.get(2),
                            attributes.get()),
                    "a product");
            return new Program(
                    library,
                    description,
                    codes.stream().mapToInt(Integer::intValue).toArray(),
                    layouts);
        } finally {
            layouts.forEach(layout -> OneDnn.check(dnnl_memory_desc_destroy(layout), "to forget a layout"));
        }
    }

    private ToIntFunction<dnnl_post_ops> postOp(dnnl_memory_desc other) {
        return switch (finish) {
            case NONE -> throw new IllegalStateException("nothing follows");
            case EXPONENTIAL -> ops -> dnnl_post_ops_append_eltwise(ops, dnnl_eltwise_exp, 0, 0);
            case GELU -> ops -> dnnl_post_ops_append_eltwise(ops, dnnl_eltwise_gelu_erf, 0, 0);
            case ACCUMULATE -> ops -> dnnl_post_ops_append_sum(ops, 1, 0, dnnl_data_type_undef);
            case TIMES -> ops -> dnnl_post_ops_append_binary(ops, dnnl_binary_mul, other);
            case PLUS -> ops -> dnnl_post_ops_append_binary(ops, dnnl_binary_add, other);
        };
    }
}
