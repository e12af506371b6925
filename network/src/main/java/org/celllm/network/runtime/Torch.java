package org.celllm.network.runtime;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.stream.Stream;
import org.bytedeco.javacpp.Loader;
import org.bytedeco.openblas.global.openblas;
import org.bytedeco.pytorch.Context;
import org.bytedeco.pytorch.global.torch;
import org.celllm.data.files.NativeLibrary;

/** Settings of the native library. They hold for the whole process: set them once, before the first product. */
public final class Torch {
    private Torch() {}

    /**
     * Sets how many threads a product may use, and makes every operation deterministic: the same call with the same
     * number of threads gives the same bits.
     *
     * @param threads at least 1; 0 for as many as the machine has
     * @return the number set
     */
    public static int configure(int threads) {
        NativeLibrary.load("pytorch", torch.class);
        int chosen = threads > 0 ? threads : Runtime.getRuntime().availableProcessors();
        torch.set_num_threads(chosen);
        openblas.blas_set_num_threads(chosen);
        Context context = torch.globalContext();
        context.setDeterministicAlgorithms(true, true);
        // Deterministic mode otherwise writes NaN over every fresh tensor; nothing here reads what it has not written.
        context.setDeterministicFillUninitializedMemory(false);
        return chosen;
    }

    /** Makes the calling thread's products single-threaded: the native library keeps that setting for each thread. */
    static void singleThreaded() {
        torch.set_num_threads(1);
    }

    /** Threads of a product. */
    public static int threads() {
        return torch.get_num_threads();
    }

    /** Whether the processor has instructions for products of bfloat16 numbers; known on Linux, denied elsewhere. */
    public static boolean multipliesBfloat16() {
        try (Stream<String> lines = Files.lines(Path.of("/proc/cpuinfo"))) {
            return lines.filter(line -> line.startsWith("flags"))
                    .findFirst()
                    .filter(flags -> flags.contains(" avx512_bf16") || flags.contains(" amx_bf16"))
                    .isPresent();
        } catch (IOException | UncheckedIOException elsewhere) {
            return false;
        }
    }

    /** The model of the processor, known on Linux; its architecture elsewhere. Another one may round otherwise. */
    public static String processor() {
        try (Stream<String> lines = Files.lines(Path.of("/proc/cpuinfo"))) {
            return lines.filter(line -> line.startsWith("model name"))
                    .findFirst()
                    .map(line -> line.substring(line.indexOf(':') + 1).trim())
                    .orElseGet(Torch::architecture);
        } catch (IOException | UncheckedIOException notLinux) {
            return architecture();
        }
    }

    private static String architecture() {
        return System.getProperty("os.arch", "unknown");
    }

    /** The version of libtorch and of its Java bindings, such as {@code 2.10.0-1.5.13}. */
    public static String version() {
        try {
            return Loader.getVersion("org.bytedeco", "pytorch");
        } catch (IOException unreadable) {
            throw new UncheckedIOException("the class path lies in a jar that cannot be read", unreadable);
        }
    }
}
