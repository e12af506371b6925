package org.celllm.data.files;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;

/**
 * The operations of a file system that can fail while something is saved. {@link SafeFiles} goes through one, so that a test can
 * let the n-th of them fail.
 */
public interface Disk {
    /** The disk of the machine. */
    Disk REAL = new Disk() {};

    /** Writes some of the remaining bytes, at least one. */
    default void write(FileChannel channel, ByteBuffer bytes) throws IOException {
        channel.write(bytes);
    }

    /** Makes a file's content survive a loss of power. */
    default void sync(Path file) throws IOException {
        try (FileChannel channel = FileChannel.open(file, StandardOpenOption.WRITE)) {
            channel.force(true);
        }
    }

    /** Gives a file or folder another name in the same folder, at once; a file that has it goes. */
    default void rename(Path from, Path to) throws IOException {
        Files.move(from, to, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
    }
}
