package org.celllm.network.runtime;

import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.channels.OverlappingFileLockException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import org.bytedeco.dnnl.global.dnnl;
import org.bytedeco.javacpp.Loader;
import org.bytedeco.pytorch.global.torch;

/**
 * Unpacks and loads the native libraries. They lie in jars, and the first process to need them writes them to a folder
 * that all processes of a user share. Several that start at once on a new machine write the same files over
 * each other, and one that loads a half-written file dies of SIGBUS (JavaCPP 1.5.13: two of three processes, every
 * time). So one process at a time unpacks, and leaves a mark by which later ones know that nothing is left to write.
 */
public final class NativeCode {
    private NativeCode() {}

    /**
     * Loads libtorch and oneDNN; later calls do nothing.
     *
     * @throws LinkageError when libtorch is not there for this platform; oneDNN may be absent
     */
    public static void load() {
        Holder.ready();
    }

    private static final class Holder {
        static {
            try {
                unpackAlone(Loader.getCacheDir().toPath());
            } catch (IOException | OverlappingFileLockException notLocked) {
                // Nobody can write to the folder, or file locks don't work there, or this process loads it twice.
                loadAll();
            }
        }

        static void ready() {}
    }

    private static void unpackAlone(Path cache) throws IOException {
        Path unpacked = cache.resolve(
                "pytorch-" + Loader.getVersion("org.bytedeco", "pytorch") + "-" + Loader.getPlatform() + ".jar");
        Path mark = unpacked.resolve("celllm-unpacked");
        if (Files.exists(mark)) {
            loadAll();
            return;
        }
        Files.createDirectories(cache);
        try (FileChannel channel = FileChannel.open(
                        cache.resolve("celllm.lock"), StandardOpenOption.CREATE, StandardOpenOption.WRITE);
                FileLock held = channel.lock()) {
            loadAll();
            if (held.isValid() && Files.isDirectory(unpacked) && !Files.exists(mark)) {
                Files.createFile(mark);
            }
        }
    }

    private static void loadAll() {
        Loader.load(torch.class);
        try {
            Loader.load(dnnl.class);
        } catch (LinkageError absent) {
            // Said by OneDnn when somebody asks for it.
        }
    }
}
