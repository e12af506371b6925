package org.celllm.data.files;

import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.channels.OverlappingFileLockException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import org.bytedeco.javacpp.Loader;

/**
 * Unpacks and loads a native library. Such libraries lie in jars, and the first process to need one writes it to a
 * folder that all processes of a user share. Several that start at once on a new machine write the same files
 * over each other, and one that loads a half-written file dies of SIGBUS (JavaCPP 1.5.13: two of three processes,
 * every time). So one process at a time unpacks, and leaves a mark by which later ones know that nothing is left to write.
 */
public final class NativeLibrary {
    private NativeLibrary() {}

    /**
     * Loads a library. Call it before any of its classes is used; once it is loaded, a call costs little.
     *
     * @param artifact its name as a jar, such as {@code pytorch}
     * @param functions the class of its functions
     * @throws LinkageError when it is not there for this platform
     */
    public static void load(String artifact, Class<?> functions) {
        try {
            unpackAlone(artifact, functions);
        } catch (IOException | OverlappingFileLockException notLocked) {
            // Nobody can write to the folder, or file locks don't work there, or another loader of classes is at it.
            Loader.load(functions);
        }
    }

    private static synchronized void unpackAlone(String artifact, Class<?> functions) throws IOException {
        Path cache = Loader.getCacheDir().toPath();
        String version = Loader.getVersion("org.bytedeco", artifact);
        Path unpacked = cache.resolve(artifact + "-" + version + "-" + Loader.getPlatform() + ".jar");
        Path mark = unpacked.resolve("celllm-unpacked");
        if (Files.exists(mark)) {
            Loader.load(functions);
            return;
        }
        Files.createDirectories(cache);
        try (FileChannel channel = FileChannel.open(
                        cache.resolve("celllm.lock"), StandardOpenOption.CREATE, StandardOpenOption.WRITE);
                FileLock held = channel.lock()) {
            Loader.load(functions);
            if (held.isValid() && Files.isDirectory(unpacked) && !Files.exists(mark)) {
                Files.createFile(mark);
            }
        }
    }
}
