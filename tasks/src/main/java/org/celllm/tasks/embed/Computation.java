package org.celllm.tasks.embed;

import org.celllm.network.onednn.OneDnn;
import org.celllm.network.runtime.Precision;
import org.celllm.network.runtime.Torch;
import org.celllm.tasks.pieces.RunBasis;

/** What computes: the same model gives other bits in other number formats, on another processor, by other libraries. */
public final class Computation {
    private Computation() {}

    /** Number formats, processor and libraries. */
    public static RunBasis basis(Precision precision) {
        return RunBasis.of("precision", precision.word())
                .and("processor", Torch.processor())
                .and("libtorch", Torch.version())
                .and("onednn", OneDnn.version());
    }
}
