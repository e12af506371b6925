package org.celllm.app.suite;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;

/** By what an input is known to be the same: size and time of modification, of a folder those of all its files. */
final class InputStamp {
    private static final int DEEPEST = 3;

    private InputStamp() {}

    /** The stamp; {@code absent} when there is nothing. */
    static String of(Path input) throws IOException {
        if (!Files.exists(input)) {
            return "absent";
        }
        long bytes = 0;
        long latest = 0;
        List<Path> files;
        try (Stream<Path> found = Files.walk(input, DEEPEST)) {
            files = found.filter(Files::isRegularFile).toList();
        }
        for (Path file : files) {
            bytes += Files.size(file);
            latest = Math.max(latest, Files.getLastModifiedTime(file).toMillis());
        }
        return files.size() + " files, " + bytes + " bytes, " + latest;
    }
}
