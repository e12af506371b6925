package org.celllm.network.runtime;

import java.util.function.Supplier;
import org.bytedeco.javacpp.Pointer;
import org.bytedeco.javacpp.PointerScope;
import org.bytedeco.pytorch.NoGradGuard;

/**
 * How long native objects live. The pattern for callers:
 *
 * <pre>{@code
 * Native.runWithoutGradient(() -> {
 *     Tensor encoded = model.encode(cells, Dropouts.NONE);   // freed at the end of the block
 *     Tensor kept = Native.keep(model.cls(encoded, cells));  // ours until kept.close()
 * });
 * }</pre>
 */
public final class Native {
    private Native() {}

    /**
     * Takes {@code pointer} out of the care of the open scopes: it lives until its {@code close()}.
     *
     * @return the same pointer
     */
    public static <P extends Pointer> P keep(P pointer) {
        pointer.retainReference();
        return pointer;
    }

    /**
     * Runs {@code work} in a scope of its own, so that all it makes is freed at once, and hands its result to the
     * scope outside (or, where there is none, to the caller, who then closes it).
     */
    @SuppressWarnings("try")
    public static <P extends Pointer> P scoped(Supplier<P> work) {
        PointerScope outer = PointerScope.getInnerScope();
        P result;
        try (PointerScope scope = new PointerScope()) {
            result = keep(work.get());
        }
        return outer == null ? result : release(result);
    }

    /**
     * Gives a pointer that was kept into the care of the innermost open scope.
     *
     * @return the same pointer
     */
    public static <P extends Pointer> P release(P kept) {
        PointerScope scope = PointerScope.getInnerScope();
        if (scope == null) {
            throw new IllegalStateException("no scope is open");
        }
        scope.attach(kept);
        kept.releaseReference();
        return kept;
    }

    /** Runs {@code work} in a scope of its own. */
    @SuppressWarnings("try")
    public static void run(Runnable work) {
        try (PointerScope scope = new PointerScope()) {
            work.run();
        }
    }

    /** As {@link #scoped}, without recording a graph. */
    @SuppressWarnings("try")
    public static <P extends Pointer> P withoutGradient(Supplier<P> work) {
        return scoped(() -> {
            try (NoGradGuard guard = new NoGradGuard()) {
                return work.get();
            }
        });
    }

    /** As {@link #run}, without recording a graph. */
    @SuppressWarnings("try")
    public static void runWithoutGradient(Runnable work) {
        run(() -> {
            try (NoGradGuard guard = new NoGradGuard()) {
                work.run();
            }
        });
    }
}
