package org.celllm.data.files;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.security.MessageDigest;
import java.util.ArrayList;
import java.util.List;

/**
 * Tells cheaply whether a file is still the one it was: size, time of modification, and SHA-256 over 64 KiB at 65 places
 * from its first byte to its last. The time tells a file that was written again in place, which a sample could miss; the
 * sample tells another file that was put there with the same size and time. At most 4 MiB are read, however large it is.
 */
public final class FileFingerprint {
    private static final int PLACES = 65;
    private static final int PIECE = 1 << 16;

    private FileFingerprint() {}

    /**
     * Of a file, or of every file of a folder (not of folders in it).
     *
     * @throws IOException when it cannot be read
     */
    public static String of(Path path) throws IOException {
        if (!Files.isDirectory(path)) {
            return Files.size(path) + " bytes of " + Files.getLastModifiedTime(path) + ", sample "
                    + sample(path).substring(0, 16);
        }
        List<String> files = new ArrayList<>();
        try (DirectoryStream<Path> children = Files.newDirectoryStream(path, Files::isRegularFile)) {
            for (Path child : children) {
                files.add(child.getFileName() + ": " + of(child));
            }
        }
        files.sort(null);
        return files.size() + " files, "
                + Sha256.of(String.join("\n", files).getBytes(java.nio.charset.StandardCharsets.UTF_8))
                        .substring(0, 16);
    }

    private static String sample(Path path) throws IOException {
        MessageDigest digest = Sha256.digest();
        ByteBuffer buffer = ByteBuffer.allocate(PIECE);
        try (FileChannel channel = FileChannel.open(path, StandardOpenOption.READ)) {
            long room = Math.max(0, channel.size() - PIECE);
            long last = -1;
            for (int place = 0; place < PLACES; place++) {
                long at = (long) ((double) room * place / (PLACES - 1));
                if (at == last) {
                    continue;
                }
                last = at;
                buffer.clear();
                while (buffer.hasRemaining() && channel.read(buffer, at + buffer.position()) >= 0) {}
                digest.update(buffer.flip());
            }
        }
        return Sha256.text(digest);
    }
}
