package org.celllm.network.runtime;

import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import org.bytedeco.pytorch.BoolOptional;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.TensorVector;
import org.bytedeco.pytorch.global.torch;
import org.jspecify.annotations.Nullable;

/**
 * The way back through an encoder whose attention has a gradient written by hand. libtorch's Java bindings have no
 * custom autograd functions, so the graph is cut there: a forward pass puts on the tape what leads across each cut, and
 * after the loss's own {@code backward()}, {@link #backward()} walks back over the cuts, last first.
 *
 * <pre>{@code
 * try (GradientTape tape = new GradientTape()) {
 *     Tensor loss = lossOf(model.encode(cells, dropouts, tape));
 *     loss.backward();   // as far as the last cut
 *     tape.backward();   // the rest of the way
 * }
 * }</pre>
 *
 * <p>One tape belongs to one forward pass and goes back once. Several tapes may be alive. Not thread safe, but
 * different threads may use different tapes.
 */
public final class GradientTape implements AutoCloseable {
    private final Deque<Step> steps = new ArrayDeque<>();
    private final Keeping keeping;

    /** What layers keep for the way back: less memory or less time. The gradient has the same bits. */
    public enum Keeping {
        /** Only what they read; the rest is computed again, for one more forward pass. */
        READ,
        /** What takes long to compute. */
        MOST,
        /** Also what does not. */
        ALL
    }

    /** A tape for {@link Keeping#MOST}. */
    public GradientTape() {
        this(Keeping.MOST);
    }

    /** @param keeping what layers are to keep */
    public GradientTape(Keeping keeping) {
        this.keeping = keeping;
    }

    /** What layers are to keep. */
    public Keeping keeping() {
        return keeping;
    }

    /** Carries a gradient from one step of the way back to the next. */
    public static final class Flow {
        private @Nullable Tensor gradient;

        /** Hands a gradient on; it lives until it is taken. */
        public void put(Tensor handed) {
            gradient = Native.keep(handed);
        }

        /** Takes the gradient into the open scope. */
        public Tensor take() {
            Tensor taken = gradient;
            if (taken == null) {
                throw new IllegalStateException("no gradient was handed on");
            }
            gradient = null;
            return Native.release(taken);
        }
    }

    private record Step(Runnable back, List<Tensor> held) {
        void free() {
            held.forEach(Tensor::close);
        }
    }

    /**
     * Cuts the graph: what follows differentiates with respect to the result, and the tape carries on from there.
     *
     * @param x part of a graph
     * @return a leaf with the values of x
     */
    public Tensor cut(Tensor x) {
        Tensor leaf = leaf(x);
        record(() -> continueFrom(List.of(x), List.of(leaf.grad())), List.of(x, leaf));
        return leaf;
    }

    /** A leaf that wants a gradient, with the values of {@code x}. */
    public static Tensor leaf(Tensor x) {
        Tensor leaf = x.detach();
        leaf.set_requires_grad(true);
        return leaf;
    }

    /**
     * Records a step of the way back.
     *
     * @param back runs in a scope of its own, without a graph being recorded
     * @param held the tensors it reads, kept until it ran
     */
    public void record(Runnable back, List<Tensor> held) {
        held.forEach(Native::keep);
        steps.push(new Step(back, held));
    }

    /**
     * Goes on with libtorch's own backward.
     *
     * @param outputs tensors of one graph; one that wants no gradient is passed over
     * @param gradients of the loss with respect to them; an undefined one is taken for zero
     */
    public static void continueFrom(List<Tensor> outputs, List<Tensor> gradients) {
        TensorVector roots = new TensorVector();
        TensorVector flows = new TensorVector();
        for (int i = 0; i < outputs.size(); i++) {
            if (gradients.get(i).defined() && outputs.get(i).requires_grad()) {
                roots.push_back(outputs.get(i));
                flows.push_back(gradients.get(i));
            }
        }
        if (roots.size() > 0) {
            torch.backward(roots, flows, new BoolOptional(false), false, new TensorVector());
        }
    }

    /** Walks back over all cuts, and frees what each one held. */
    public void backward() {
        while (!steps.isEmpty()) {
            Step step = steps.pop();
            try {
                Native.runWithoutGradient(step.back());
            } finally {
                step.free();
            }
        }
    }

    /** Frees what was not walked over. */
    @Override
    public void close() {
        while (!steps.isEmpty()) {
            steps.pop().free();
        }
    }
}
