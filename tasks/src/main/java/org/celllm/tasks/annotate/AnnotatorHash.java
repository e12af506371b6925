package org.celllm.tasks.annotate;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.util.List;
import org.celllm.data.files.Sha256;

/**
 * Tells whether two folders hold the same annotator: SHA-256 over its own files, of which the configuration has the hash
 * of the model.
 */
final class AnnotatorHash {
    private static final List<String> FILES =
            List.of(AnnotatorFolder.CONFIG, AnnotatorFolder.HEAD, AnnotatorFolder.GENES);

    private AnnotatorHash() {}

    /** The first 16 digits. */
    static String of(Path folder) throws IOException {
        MessageDigest digest = Sha256.digest();
        for (String name : FILES) {
            Path file = folder.resolve(name);
            if (Files.isRegularFile(file)) {
                digest.update((name + ":" + Files.size(file) + ":").getBytes(StandardCharsets.UTF_8));
                Sha256.add(digest, file);
            }
        }
        return Sha256.text(digest).substring(0, 16);
    }
}
