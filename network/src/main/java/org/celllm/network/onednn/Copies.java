package org.celllm.network.onednn;

import static org.bytedeco.dnnl.global.dnnl.DNNL_ARG_ATTR_SCALES;
import static org.bytedeco.dnnl.global.dnnl.DNNL_ARG_DST;
import static org.bytedeco.dnnl.global.dnnl.DNNL_ARG_SRC;
import static org.bytedeco.dnnl.global.dnnl.dnnl_data_type_undef;
import static org.bytedeco.dnnl.global.dnnl.dnnl_memory_desc_destroy;
import static org.bytedeco.dnnl.global.dnnl.dnnl_post_ops_append_sum;
import static org.bytedeco.dnnl.global.dnnl.dnnl_primitive_attr_set_scales_mask;
import static org.bytedeco.dnnl.global.dnnl.dnnl_reorder_primitive_desc_create;

import java.util.List;
import org.bytedeco.dnnl.dnnl_memory_desc;
import org.bytedeco.dnnl.dnnl_primitive_desc;

/**
 * Copies from one layout and number format to another, with a factor for each row and head on the way: several times as fast as
 * libtorch where rows are short or number formats differ.
 */
public final class Copies {
    /** A factor for each index of the first two dimensions. */
    private static final int BY_ROW_AND_HEAD = 3;

    private Copies() {}

    /** What happens on the way. */
    public enum Way {
        /** Nothing. */
        PLAIN,
        /** Numbers are multiplied with the factor of their row and head. */
        SCALED,
        /** The same, and added to what is there. */
        ADDED
    }

    /**
     * Prepares a copy. Operands of a run: from, to and, unless it is plain, the factors: 32-bit floats, one for each index of the first two
     * dimensions, side by side.
     *
     * @param from how the numbers lie that are read
     * @param to how those lie that are written; of the same sizes
     */
    public static Program of(OneDnn library, Strided from, Strided to, Way way) {
        List<dnnl_memory_desc> layouts = List.of(from.describe(), to.describe());
        Strided factors =
                new Strided(Strided.Format.FLOAT32, new long[] {from.sizes()[0] * from.sizes()[1]}, new long[] {1});
        dnnl_memory_desc byRow = factors.describe();
        dnnl_primitive_desc description = new dnnl_primitive_desc();
        try (Attributes attributes = new Attributes()) {
            if (way != Way.PLAIN) {
                OneDnn.check(
                        dnnl_primitive_attr_set_scales_mask(attributes.get(), DNNL_ARG_SRC, BY_ROW_AND_HEAD),
                        "factors");
            }
            if (way == Way.ADDED) {
                attributes.postOps(ops -> dnnl_post_ops_append_sum(ops, 1, 0, dnnl_data_type_undef));
            }
            OneDnn.check(
                    dnnl_reorder_primitive_desc_create(
                            description,
                            layouts.get(0),
                            library.engine(),
                            layouts.get(1),
                            library.engine(),
                            attributes.get()),
                    "a copy");
            return way == Way.PLAIN
                    ? new Program(library, description, new int[] {DNNL_ARG_SRC, DNNL_ARG_DST}, layouts)
                    : new Program(
                            library,
                            description,
                            new int[] {DNNL_ARG_SRC, DNNL_ARG_DST, DNNL_ARG_ATTR_SCALES | DNNL_ARG_SRC},
                            List.of(layouts.get(0), layouts.get(1), byRow));
        } finally {
            layouts.forEach(layout -> OneDnn.check(dnnl_memory_desc_destroy(layout), "to forget a layout"));
            OneDnn.check(dnnl_memory_desc_destroy(byRow), "to forget a layout");
        }
    }
}
