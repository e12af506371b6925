package org.celllm.tasks.embed;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.util.List;
import org.celllm.data.files.Sha256;
import org.celllm.network.weights.ModelFolder;

/** Tells whether two model folders hold the same model: SHA-256 over configuration, genes and weights. */
public final class ModelHash {
    /** The files of a model folder that make the model. */
    public static final List<String> FILES = List.of(ModelFolder.CONFIG, ModelFolder.GENES, ModelFolder.WEIGHTS);

    private ModelHash() {}

    /**
     * The hash of a model folder, in hexadecimal.
     *
     * @throws IOException when one of {@link #FILES} cannot be read
     */
    public static String of(Path model) throws IOException {
        MessageDigest digest = Sha256.digest();
        for (String name : FILES) {
            Path file = model.resolve(name);
            digest.update((name + ":" + Files.size(file) + ":").getBytes(StandardCharsets.UTF_8));
            Sha256.add(digest, file);
        }
        return Sha256.text(digest);
    }
}
