package org.celllm.network.onednn;

import static org.bytedeco.dnnl.global.dnnl.DNNL_ARG_ATTR_MULTIPLE_POST_OP_BASE;
import static org.bytedeco.dnnl.global.dnnl.DNNL_ARG_BIAS;
import static org.bytedeco.dnnl.global.dnnl.DNNL_ARG_DST;
import static org.bytedeco.dnnl.global.dnnl.DNNL_ARG_SRC;
import static org.bytedeco.dnnl.global.dnnl.DNNL_ARG_SRC_1;
import static org.bytedeco.dnnl.global.dnnl.DNNL_ARG_WEIGHTS;
import static org.bytedeco.dnnl.global.dnnl.dnnl_binary_mul;
import static org.bytedeco.dnnl.global.dnnl.dnnl_data_type_undef;
import static org.bytedeco.dnnl.global.dnnl.dnnl_eltwise_exp;
import static org.bytedeco.dnnl.global.dnnl.dnnl_matmul_primitive_desc_create;
import static org.bytedeco.dnnl.global.dnnl.dnnl_memory_desc_destroy;
import static org.bytedeco.dnnl.global.dnnl.dnnl_post_ops_append_binary;
import static org.bytedeco.dnnl.global.dnnl.dnnl_post_ops_append_eltwise;
import static org.bytedeco.dnnl.global.dnnl.dnnl_post_ops_append_sum;

import java.util.ArrayList;
import java.util.List;
import org.bytedeco.dnnl.dnnl_memory_desc;
import org.bytedeco.dnnl.dnnl_primitive_desc;

/**
 * Matrix products, one a head, with what follows them done in the same pass. Sums are kept in 32-bit floats whatever
 * the operands are. The operands of a run are left, right, out, and then what the product's name says.
 */
public final class Product {
    private Product() {}

    /** out = left · right. */
    public static Program plain(OneDnn library, Strided left, Strided right, Strided out) {
        return make(library, left, right, out, null, new Attributes());
    }

    /** out = out + left · right, for an out of 32-bit floats. */
    public static Program accumulating(OneDnn library, Strided left, Strided right, Strided out) {
        Attributes attributes = new Attributes();
        attributes.postOps(ops -> dnnl_post_ops_append_sum(ops, 1, 0, dnnl_data_type_undef));
        return make(library, left, right, out, null, attributes);
    }

    /** out = exp(left · right + bias); the bias is the fourth operand of a run, 32-bit floats, one a column. */
    public static Program exponential(OneDnn library, Strided left, Strided right, Strided out) {
        Attributes attributes = new Attributes();
        attributes.postOps(ops -> dnnl_post_ops_append_eltwise(ops, dnnl_eltwise_exp, 0, 0));
        long columns = out.sizes()[out.sizes().length - 1];
        Strided bias = Strided.heads(Strided.Format.FLOAT32, 1, 1, columns, columns, columns, 1);
        return make(library, left, right, out, bias, attributes);
    }

    /** out = (left · right) ∘ factor; the factor lies as out does and is the fourth operand of a run. */
    public static Program times(OneDnn library, Strided left, Strided right, Strided out) {
        dnnl_memory_desc factor = out.describe();
        Attributes attributes = new Attributes();
        attributes.postOps(ops -> dnnl_post_ops_append_binary(ops, dnnl_binary_mul, factor));
        attributes.operand(factor, DNNL_ARG_ATTR_MULTIPLE_POST_OP_BASE | DNNL_ARG_SRC_1);
        return make(library, left, right, out, null, attributes);
    }

    private static Program make(
            OneDnn library,
            Strided left,
            Strided right,
            Strided out,
            @org.jspecify.annotations.Nullable Strided bias,
            Attributes attributes) {
        List<dnnl_memory_desc> layouts = new ArrayList<>(List.of(left.describe(), right.describe(), out.describe()));
        List<Integer> codes = new ArrayList<>(List.of(DNNL_ARG_SRC, DNNL_ARG_WEIGHTS, DNNL_ARG_DST));
        dnnl_memory_desc biasLayout = new dnnl_memory_desc();
        if (bias != null) {
            biasLayout = bias.describe();
            layouts.add(biasLayout);
            codes.add(DNNL_ARG_BIAS);
        }
        layouts.addAll(attributes.operands());
        codes.addAll(attributes.codes());
        dnnl_primitive_desc description = new dnnl_primitive_desc();
        try {
            OneDnn.check(
                    dnnl_matmul_primitive_desc_create(
                            description,
                            library.engine(),
                            layouts.get(0),
                            layouts.get(1),
                            biasLayout,
                            layouts.get(2),
                            attributes.get()),
                    "a product");
            return new Program(
                    library,
                    description,
                    codes.stream().mapToInt(Integer::intValue).toArray(),
                    layouts);
        } finally {
            attributes.close();
            layouts.forEach(layout -> OneDnn.check(dnnl_memory_desc_destroy(layout), "to forget a layout"));
        }
    }
}
