package org.celllm.tasks.annotate;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.List;
import org.celllm.network.weights.ModelFolder;

/** Tells whether two model folders hold the same model: SHA-256 over configuration, genes and weights. */
final class ModelHash {
    static final List<String> FILES = List.of(ModelFolder.CONFIG, ModelFolder.GENES, ModelFolder.WEIGHTS);

    private ModelHash() {}

    static String of(Path model) throws IOException {
        MessageDigest digest;
        try {
            digest = MessageDigest.getInstance("SHA-256");
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every Java has SHA-256", e);
        }
        byte[] buffer = new byte[1 << 16];
        for (String name : FILES) {
            digest.update((name + ":" + Files.size(model.resolve(name)) + ":").getBytes(StandardCharsets.UTF_8));
            try (InputStream in = Files.newInputStream(model.resolve(name))) {
                for (int read = in.read(buffer); read >= 0; read = in.read(buffer)) {
                    digest.update(buffer, 0, read);
                }
            }
        }
        return HexFormat.of().formatHex(digest.digest());
    }
}
