package org.celllm.network;

import java.util.EnumMap;
import java.util.Map;
import org.bytedeco.pytorch.Tensor;
import org.celllm.network.onednn.Strided.Format;
import org.celllm.network.runtime.Native;
import org.celllm.network.runtime.TensorArrays;

/** Memory for one block of rows in {@link FusedTraining}, kept from call to call. */
final class FusedBuffers implements AutoCloseable {
    private final NetworkConfig config;
    private final Format format;
    private final Map<Use, Tensor> buffers = new EnumMap<>(Use.class);

    /** What a buffer holds, by row. */
    enum Use {
        /** What a norm gives, [dim]. */
        NORMED,
        /** Activations of the hidden width. */
        HIDDEN,
        /** Their gradient. */
        HIDDEN_GRADIENT,
        /** Gradient of GELU's argument. */
        ARGUMENT_GRADIENT
    }

    FusedBuffers(NetworkConfig config, Format format) {
        this.config = config;
        this.format = format;
    }

    /** [{@link FusedTraining#BLOCK_BACK}, width of the use], in the format of the operands. */
    Tensor of(Use use) {
        return buffers.computeIfAbsent(use, key -> {
            int width = use == Use.NORMED ? config.dim() : config.hidden();
            return Native.keep(Native.scoped(() -> TensorArrays.zeros(format.type(), FusedTraining.BLOCK_BACK, width)));
        });
    }

    /** Where it lies. */
    long address(Use use) {
        return Address.of(of(use));
    }

    @Override
    public void close() {
        buffers.values().forEach(Tensor::close);
        buffers.clear();
    }
}
