package org.celllm.network.onednn;

import static org.bytedeco.dnnl.global.dnnl.DNNL_ARG_SCRATCHPAD;
import static org.bytedeco.dnnl.global.dnnl.dnnl_memory_create;
import static org.bytedeco.dnnl.global.dnnl.dnnl_memory_desc_get_size;
import static org.bytedeco.dnnl.global.dnnl.dnnl_memory_destroy;
import static org.bytedeco.dnnl.global.dnnl.dnnl_memory_set_data_handle;
import static org.bytedeco.dnnl.global.dnnl.dnnl_primitive_create;
import static org.bytedeco.dnnl.global.dnnl.dnnl_primitive_desc_destroy;
import static org.bytedeco.dnnl.global.dnnl.dnnl_primitive_desc_query;
import static org.bytedeco.dnnl.global.dnnl.dnnl_primitive_desc_query_md;
import static org.bytedeco.dnnl.global.dnnl.dnnl_primitive_destroy;
import static org.bytedeco.dnnl.global.dnnl.dnnl_primitive_execute;
import static org.bytedeco.dnnl.global.dnnl.dnnl_query_impl_info_str;
import static org.bytedeco.dnnl.global.dnnl.dnnl_query_scratchpad_md;

import java.util.List;
import org.bytedeco.dnnl.dnnl_exec_arg_t;
import org.bytedeco.dnnl.dnnl_memory;
import org.bytedeco.dnnl.dnnl_memory_desc;
import org.bytedeco.dnnl.dnnl_primitive;
import org.bytedeco.dnnl.dnnl_primitive_desc;
import org.bytedeco.javacpp.Pointer;
import org.bytedeco.javacpp.PointerPointer;
import org.celllm.network.runtime.Native;

/**
 * A compiled operation of oneDNN for one set of shapes, run on any addresses: a {@link Product}, or what
 * {@link RowOperations} makes. Preparing one costs about a millisecond and a megabyte, so few shapes should be used
 * often. Not thread safe.
 */
public final class Program implements AutoCloseable {
    private final OneDnn library;
    private final dnnl_primitive primitive = new dnnl_primitive();
    private final dnnl_memory[] operands;
    private final long[] last;
    private final dnnl_exec_arg_t arguments;
    private final int count;
    private final long scratchBytes;
    private final Address address = new Address();

    /** A place in memory; made once and moved, since a run must not leave garbage. */
    private static final class Address extends Pointer {
        Address at(long place) {
            address = place;
            return this;
        }
    }

    /**
     * @param description of the operation; taken over
     * @param codes the library's names of the operands
     * @param layouts of the operands; stay the caller's
     * @throws UnsupportedOperationException when the library has only its slow reference code for these shapes
     */
    Program(OneDnn library, dnnl_primitive_desc description, int[] codes, List<dnnl_memory_desc> layouts) {
        this.library = library;
        try (PointerPointer<Pointer> name = new PointerPointer<>(1)) {
            OneDnn.check(dnnl_primitive_desc_query(description, dnnl_query_impl_info_str, 0, name), "its name");
            String chosen = name.getString(0);
            if (chosen.startsWith("ref")) {
                dnnl_primitive_desc_destroy(description);
                throw new UnsupportedOperationException("oneDNN has no fast code for these shapes, only " + chosen);
            }
        }
        dnnl_memory_desc scratchpad = dnnl_primitive_desc_query_md(description, dnnl_query_scratchpad_md, 0);
        this.scratchBytes = scratchpad == null ? 0 : dnnl_memory_desc_get_size(scratchpad);
        OneDnn.check(dnnl_primitive_create(primitive, description), "an operation");
        boolean needsScratch = scratchBytes > 0;
        this.count = codes.length + (needsScratch ? 1 : 0);
        this.operands = new dnnl_memory[count];
        this.last = new long[codes.length];
        this.arguments = Native.keep(new dnnl_exec_arg_t(count));
        for (int i = 0; i < count; i++) {
            boolean scratch = i == codes.length;
            operands[i] = new dnnl_memory();
            dnnl_memory_desc layout = scratch ? scratchpad : layouts.get(i);
            OneDnn.check(dnnl_memory_create(operands[i], layout, library.engine(), address.at(0)), "an operand");
            arguments
                    .getPointer(i)
                    .arg(scratch ? DNNL_ARG_SCRATCHPAD : codes[i])
                    .memory(operands[i]);
        }
        OneDnn.check(dnnl_primitive_desc_destroy(description), "to forget a description");
    }

    /**
     * Runs.
     *
     * @param places the operands' addresses, in the order in which the operation was described
     */
    public void run(long... places) {
        for (int i = 0; i < places.length; i++) {
            if (places[i] != last[i]) {
                OneDnn.check(dnnl_memory_set_data_handle(operands[i], address.at(places[i])), "an address");
                last[i] = places[i];
            }
        }
        if (scratchBytes > 0) {
            OneDnn.check(dnnl_memory_set_data_handle(operands[count - 1], library.scratch(scratchBytes)), "an address");
        }
        OneDnn.check(dnnl_primitive_execute(primitive, library.stream(), count, arguments), "to run");
    }

    @Override
    public void close() {
        arguments.close();
        for (dnnl_memory operand : operands) {
            OneDnn.check(dnnl_memory_destroy(operand), "to free an operand");
        }
        OneDnn.check(dnnl_primitive_destroy(primitive), "to free an operation");
    }
}
