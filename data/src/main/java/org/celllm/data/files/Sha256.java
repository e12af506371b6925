package org.celllm.data.files;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;

/** SHA-256, in hexadecimal: which bytes a file had, and whether it still has them. */
public final class Sha256 {
    private static final int PIECE = 1 << 18;

    private Sha256() {}

    /** Of some bytes. */
    public static String of(byte[] bytes) {
        MessageDigest digest = digest();
        digest.update(bytes);
        return text(digest);
    }

    /** Of a file as it is stored: a gzipped one is not unpacked. */
    public static String of(Path file) throws IOException {
        MessageDigest digest = digest();
        add(digest, file);
        return text(digest);
    }

    /** Adds the bytes of a file to what is digested. */
    public static void add(MessageDigest digest, Path file) throws IOException {
        ByteBuffer buffer = ByteBuffer.allocate(PIECE);
        try (FileChannel channel = FileChannel.open(file, StandardOpenOption.READ)) {
            while (channel.read(buffer) >= 0) {
                buffer.flip();
                digest.update(buffer);
                buffer.clear();
            }
        }
    }

    /** A digest to fill piece by piece. */
    public static MessageDigest digest() {
        try {
            return MessageDigest.getInstance("SHA-256");
        } catch (NoSuchAlgorithmException e) {
            throw new AssertionError("every Java has SHA-256", e);
        }
    }

    /** Ends a digest. */
    public static String text(MessageDigest digest) {
        return HexFormat.of().formatHex(digest.digest());
    }
}
