package org.celllm.network;

import java.util.EnumMap;
import java.util.Map;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.global.torch.ScalarType;
import org.celllm.network.onednn.Strided.Format;
import org.celllm.network.runtime.Native;
import org.celllm.network.runtime.TensorArrays;

/** Memory for one block of rows in {@link FusedTraining}, kept from call to call. */
final class FusedBuffers implements AutoCloseable {
    private final NetworkConfig config;
    private final Format format;
    private final Map<Use, Tensor> buffers = new EnumMap<>(Use.class);
    private final Map<Use, Long> addresses = new EnumMap<>(Use.class);

    /** What a buffer holds, by row. */
    enum Use {
        /** What a norm gives, [dim]. */
        NORMED,
        /** Gradient of the residual stream as operands, [dim]. */
        FLOW,
        /** Gradient of what a norm gave, [dim] 32-bit floats. */
        NORMED_GRADIENT,
        /** Activations of the hidden width. */
        HIDDEN,
        /** Their gradient. */
        HIDDEN_GRADIENT,
        /** Gradient of GELU's argument. */
        ARGUMENT_GRADIENT,
        /** Gradients of a norm's scale and shift: two rows, [dim] 32-bit floats. */
        NORM_WEIGHTS,
        /** Ones, [1]. */
        ONES
    }

    FusedBuffers(NetworkConfig config, Format format) {
        this.config = config;
        this.format = format;
    }

    /** [{@link FusedTraining#BLOCK_BACK} unless it is said, width of the use], in the format of the operands unless it is said. */
    Tensor of(Use use) {
        return buffers.computeIfAbsent(use, key -> {
            ScalarType type = use == Use.NORMED_GRADIENT || use == Use.NORM_WEIGHTS ? ScalarType.Float : format.type();
            return Native.keep(Native.scoped(() -> use == Use.ONES
                    ? TensorArrays.ones(type, rows(use), width(use))
                    : TensorArrays.zeros(type, rows(use), width(use))));
        });
    }

    private static int rows(Use use) {
        return use == Use.NORM_WEIGHTS ? 2 : FusedTraining.BLOCK_BACK;
    }

    private int width(Use use) {
        return switch (use) {
            case NORMED, FLOW, NORMED_GRADIENT, NORM_WEIGHTS -> config.dim();
            case ONES -> 1;
            case HIDDEN, HIDDEN_GRADIENT, ARGUMENT_GRADIENT -> config.hidden();
        };
    }

    /** Where it lies. */
    long address(Use use) {
        return addresses.computeIfAbsent(use, key -> Address.of(of(key)));
    }

    @Override
    public void close() {
        buffers.values().forEach(Tensor::close);
        buffers.clear();
        addresses.clear();
    }
}
