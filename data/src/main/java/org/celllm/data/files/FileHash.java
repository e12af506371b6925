package org.celllm.data.files;

import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.DigestInputStream;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;

/** SHA-256 of a file, which says in a provenance which file it was. */
public final class FileHash {
    private static final int PIECE = 1 << 16;

    private FileHash() {}

    /** In hexadecimal, of the bytes as they are stored: a gzipped file is not unpacked. */
    public static String sha256(Path file) throws IOException {
        try {
            MessageDigest digest = MessageDigest.getInstance("SHA-256");
            byte[] piece = new byte[PIECE];
            try (InputStream in = new DigestInputStream(Files.newInputStream(file), digest)) {
                while (in.read(piece) >= 0) {
                    // The stream feeds the digest.
                }
            }
            return HexFormat.of().formatHex(digest.digest());
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every Java has SHA-256", e);
        }
    }
}
