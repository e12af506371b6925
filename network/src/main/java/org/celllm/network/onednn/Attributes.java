package org.celllm.network.onednn;

import static org.bytedeco.dnnl.global.dnnl.dnnl_post_ops_create;
import static org.bytedeco.dnnl.global.dnnl.dnnl_post_ops_destroy;
import static org.bytedeco.dnnl.global.dnnl.dnnl_primitive_attr_create;
import static org.bytedeco.dnnl.global.dnnl.dnnl_primitive_attr_destroy;
import static org.bytedeco.dnnl.global.dnnl.dnnl_primitive_attr_set_post_ops;
import static org.bytedeco.dnnl.global.dnnl.dnnl_primitive_attr_set_scratchpad_mode;
import static org.bytedeco.dnnl.global.dnnl.dnnl_scratchpad_mode_user;

import java.util.function.ToIntFunction;
import org.bytedeco.dnnl.dnnl_post_ops;
import org.bytedeco.dnnl.dnnl_primitive_attr;

/** What an operation does beside its own: what follows it, and that its scratch memory is ours. */
final class Attributes implements AutoCloseable {
    private final dnnl_primitive_attr attributes = new dnnl_primitive_attr();

    Attributes() {
        OneDnn.check(dnnl_primitive_attr_create(attributes), "attributes");
        // The library's own scratch memory belongs to the thread that made the operation, which need not be the one
        // that runs it.
        OneDnn.check(dnnl_primitive_attr_set_scratchpad_mode(attributes, dnnl_scratchpad_mode_user), "a scratchpad");
    }

    /** Says what follows the operation, in order. */
    @SafeVarargs
    final void postOps(ToIntFunction<dnnl_post_ops>... appends) {
        dnnl_post_ops operations = new dnnl_post_ops();
        OneDnn.check(dnnl_post_ops_create(operations), "post-operations");
        try {
            for (ToIntFunction<dnnl_post_ops> append : appends) {
                OneDnn.check(append.applyAsInt(operations), "a post-operation");
            }
            OneDnn.check(dnnl_primitive_attr_set_post_ops(attributes, operations), "post-operations");
        } finally {
            OneDnn.check(dnnl_post_ops_destroy(operations), "to forget post-operations");
        }
    }

    dnnl_primitive_attr get() {
        return attributes;
    }

    @Override
    public void close() {
        OneDnn.check(dnnl_primitive_attr_destroy(attributes), "to forget attributes");
    }
}
