package org.celllm.tasks.baselines;

import io.github.metarank.lightgbm4j.LGBMBooster;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.List;
import java.util.stream.Stream;

/**
 * LightGBM's native library. By itself it is unpacked into the folder for temporary files under a name that anybody can
 * take first, and written over while other processes run it; here each process unpacks it into a folder of its own, which
 * is gone once it is loaded.
 */
final class LightGbmLibrary {
    private static final String TEMPORARY = "java.io.tmpdir";

    private static boolean loaded;

    private LightGbmLibrary() {}

    /**
     * Loads it; once it is loaded, a call costs little.
     *
     * @throws IllegalStateException when it cannot be loaded on this machine: it wants {@code libgomp}
     */
    static synchronized void load() {
        if (loaded) {
            return;
        }
        String before = System.getProperty(TEMPORARY);
        try {
            Path folder = Files.createTempDirectory("celllm-lightgbm");
            try {
                System.setProperty(TEMPORARY, folder.toString());
                if (!LGBMBooster.isNativeLoaded()) { // which loads it when the class is new
                    LGBMBooster.loadNative();
                }
                loaded = LGBMBooster.isNativeLoaded();
            } finally {
                System.setProperty(TEMPORARY, before);
                remove(folder);
            }
        } catch (IOException | LinkageError e) {
            throw new IllegalStateException("LightGBM's native library cannot be loaded: " + e.getMessage(), e);
        }
        if (!loaded) {
            throw new IllegalStateException("LightGBM's native library cannot be loaded");
        }
    }

    /** Where a loaded library cannot be removed, it goes when the process ends. */
    private static void remove(Path folder) throws IOException {
        List<Path> paths;
        try (Stream<Path> all = Files.walk(folder)) {
            paths = all.sorted(Comparator.reverseOrder()).toList();
        }
        for (Path path : paths) {
            if (!path.toFile().delete()) {
                path.toFile().deleteOnExit();
            }
        }
    }
}
