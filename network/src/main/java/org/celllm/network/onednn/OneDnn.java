package org.celllm.network.onednn;

import static org.bytedeco.dnnl.global.dnnl.dnnl_cpu;
import static org.bytedeco.dnnl.global.dnnl.dnnl_engine_create;
import static org.bytedeco.dnnl.global.dnnl.dnnl_engine_destroy;
import static org.bytedeco.dnnl.global.dnnl.dnnl_stream_create;
import static org.bytedeco.dnnl.global.dnnl.dnnl_stream_default_flags;
import static org.bytedeco.dnnl.global.dnnl.dnnl_stream_destroy;
import static org.bytedeco.dnnl.global.dnnl.dnnl_success;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.function.Consumer;
import java.util.function.Supplier;
import org.bytedeco.dnnl.dnnl_engine;
import org.bytedeco.dnnl.dnnl_stream;
import org.bytedeco.dnnl.global.dnnl;
import org.bytedeco.javacpp.BytePointer;
import org.bytedeco.javacpp.Loader;
import org.bytedeco.javacpp.Pointer;
import org.celllm.data.files.NativeLibrary;
import org.celllm.network.runtime.Native;
import org.jspecify.annotations.Nullable;

/**
 * oneDNN for one thread at a time: where its primitives are made and run, and the memory that they use while they run.
 *
 * <p>libtorch has a oneDNN inside, but offers only its plain products. Used directly, it also takes the exponential of a
 * product, multiplies it by other numbers or adds it to what is there, while the product is still in the registers.
 *
 * <p>Not thread safe. Close what was made with it first.
 */
public final class OneDnn implements AutoCloseable {
    static {
        NativeLibrary.load("dnnl", dnnl.class);
    }

    private final dnnl_engine engine = new dnnl_engine();
    private final dnnl_stream stream = new dnnl_stream();
    private @Nullable BytePointer scratch;

    /**
     * Starts the library.
     *
     * @throws LinkageError when it is not there for this platform
     */
    public OneDnn() {
        check(dnnl_engine_create(engine, dnnl_cpu, 0), "engine");
        check(dnnl_stream_create(stream, engine, dnnl_stream_default_flags), "stream");
    }

    /** The version of the library and of its Java bindings, such as {@code 3.11-1.5.13}. */
    public static String version() {
        try {
            return Loader.getVersion("org.bytedeco", "dnnl");
        } catch (IOException unreadable) {
            throw new UncheckedIOException("the class path lies in a jar that cannot be read", unreadable);
        }
    }

    /**
     * Whether the library is there for this platform and has fast code for all that is prepared.
     *
     * @param make what holds the programs
     * @param prepare prepares them
     */
    public static <P extends AutoCloseable> boolean isFast(Supplier<P> make, Consumer<P> prepare) {
        try (P programs = make.get()) {
            prepare.accept(programs);
            return true;
        } catch (UnsupportedOperationException | LinkageError slow) {
            return false;
        } catch (RuntimeException e) {
            throw e;
        } catch (Exception e) {
            throw new IllegalStateException("could not be freed", e);
        }
    }

    dnnl_engine engine() {
        return engine;
    }

    dnnl_stream stream() {
        return stream;
    }

    /** At least {@code bytes} of memory that hold nothing from one run to the next. */
    Pointer scratch(long bytes) {
        if (scratch == null || scratch.capacity() < bytes) {
            if (scratch != null) {
                scratch.close();
            }
            scratch = Native.keep(new BytePointer(bytes));
        }
        return scratch;
    }

    static void check(int status, String what) {
        if (status != dnnl_success) {
            throw new IllegalStateException("oneDNN refused " + what + " with status " + status);
        }
    }

    @Override
    public void close() {
        if (scratch != null) {
            scratch.close();
        }
        check(dnnl_stream_destroy(stream), "to end the stream");
        check(dnnl_engine_destroy(engine), "to end the engine");
    }
}
