package org.celllm.data.files;

import java.io.IOException;
import java.io.OutputStream;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import org.celllm.data.InputException;

/**
 * The one way in which files are written here: to a temporary name in the same folder, synced, then renamed over the
 * final name, then the folder is synced. A crash or a full disk at any byte leaves what was there before; a failed
 * write removes its temporary file.
 */
public final class SafeFiles {
    private static final ThreadLocal<Disk> DISK = new InheritableThreadLocal<>() {
        @Override
        protected Disk initialValue() {
            return Disk.REAL;
        }
    };

    private SafeFiles() {}

    /** Something that writes files. */
    @FunctionalInterface
    public interface Work {
        /** Does it. */
        void run() throws IOException;
    }

    /**
     * Does something while the writes of this thread, and of threads that it starts, go through another disk: for tests
     * of what happens when one fails.
     */
    public static void through(Disk disk, Work work) throws IOException {
        Disk before = DISK.get();
        DISK.set(disk);
        try {
            work.run();
        } finally {
            DISK.set(before);
        }
    }

    /** Writes all remaining bytes. */
    public static void put(FileChannel channel, ByteBuffer bytes) throws IOException {
        while (bytes.hasRemaining()) {
            DISK.get().write(channel, bytes);
        }
    }

    /** Writes the content of one file. */
    @FunctionalInterface
    public interface Content {
        /**
         * @param temporary the temporary name to write to; the file does not exist yet
         */
        void writeTo(Path temporary) throws IOException;
    }

    /** Writes a stream. */
    @FunctionalInterface
    public interface Streamed {
        /**
         * @param out unbuffered; closing it is allowed and not needed
         */
        void writeTo(OutputStream out) throws IOException;
    }

    /**
     * Lets {@code content} write to a temporary name beside {@code target}, syncs it and renames it.
     *
     * @throws InputException when the disk is full or the folder cannot be written: nothing is left behind
     * @throws IOException when reading what is to be written fails
     */
    public static void write(Path target, Content content) throws IOException {
        Path absolute = target.toAbsolutePath();
        Path folder = absolute.getParent();
        if (folder == null) {
            throw InputException.about(target).found("is not a file name").build();
        }
        Path temporary = folder.resolve(
                "." + absolute.getFileName() + "." + ProcessHandle.current().pid() + ".tmp");
        boolean done = false;
        try {
            Files.createDirectories(folder);
            Files.deleteIfExists(temporary);
            content.writeTo(temporary);
            sync(temporary);
            DISK.get().rename(temporary, absolute);
            syncFolder(folder);
            done = true;
        } catch (IOException e) {
            throw asInput(target, e);
        } finally {
            if (!done) {
                Files.deleteIfExists(temporary);
            }
        }
    }

    /** As {@link #write}, with a stream instead of a name. */
    public static void stream(Path target, Streamed content) throws IOException {
        write(target, temporary -> {
            try (FileChannel channel =
                            FileChannel.open(temporary, StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE);
                    OutputStream out = new DiskStream(channel)) {
                content.writeTo(out);
            }
        });
    }

    /** As {@link #write}, for a text in UTF-8. */
    public static void text(Path target, String text) throws IOException {
        write(target, temporary -> {
            try (FileChannel channel =
                    FileChannel.open(temporary, StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE)) {
                put(channel, ByteBuffer.wrap(text.getBytes(StandardCharsets.UTF_8)));
            }
        });
    }

    /**
     * Lets {@code content} fill a folder under a temporary name and then puts it in the place of {@code target}: what was
     * there stays until all is written.
     *
     * @param target replaced when it exists
     * @throws InputException when the disk is full or the folder cannot be written: nothing is left behind
     */
    public static void folder(Path target, Content content) throws IOException {
        Path absolute = target.toAbsolutePath();
        Path name = absolute.getFileName();
        if (name == null) {
            throw InputException.about(target).found("is not a folder's name").build();
        }
        String mine = "." + name + "." + ProcessHandle.current().pid();
        Path whole = absolute.resolveSibling(mine + ".tmp");
        Path old = absolute.resolveSibling(mine + ".old");
        try {
            deleteTree(whole);
            Files.createDirectories(whole);
            content.writeTo(whole);
            syncFolder(whole);
            if (Files.exists(absolute)) {
                deleteTree(old);
                DISK.get().rename(absolute, old);
            }
            DISK.get().rename(whole, absolute);
            syncFolder(whole.resolveSibling("."));
            deleteTree(old);
        } catch (IOException e) {
            if (Files.exists(old) && !Files.exists(absolute)) {
                Files.move(old, absolute, StandardCopyOption.ATOMIC_MOVE);
            }
            throw asInput(target, e);
        } finally {
            deleteTree(whole);
        }
    }

    /** Gives a file or folder another name on the same disk, at once; a file that has it goes. */
    public static void rename(Path from, Path to) throws IOException {
        DISK.get().rename(from, to);
    }

    /** Makes the content of a file survive a loss of power. */
    public static void sync(Path file) throws IOException {
        DISK.get().sync(file);
    }

    private static final class DiskStream extends OutputStream {
        private final FileChannel channel;

        DiskStream(FileChannel channel) {
            this.channel = channel;
        }

        @Override
        public void write(int one) throws IOException {
            write(new byte[] {(byte) one}, 0, 1);
        }

        @Override
        public void write(byte[] bytes, int from, int count) throws IOException {
            put(channel, ByteBuffer.wrap(bytes, from, count));
        }

        @Override
        public void close() throws IOException {
            channel.close();
        }
    }

    /** Makes the names in a folder survive a loss of power; does nothing where folders cannot be opened (Windows). */
    public static void syncFolder(Path folder) {
        try (FileChannel channel = FileChannel.open(folder, StandardOpenOption.READ)) {
            channel.force(true);
        } catch (IOException unsupported) {
            // Windows cannot open a folder as a channel, and renames there are journalled.
        }
    }

    /** Deletes a folder and all below it; nothing happens when it is not there. */
    public static void deleteTree(Path root) throws IOException {
        if (Files.isDirectory(root) && !Files.isSymbolicLink(root)) {
            try (DirectoryStream<Path> children = Files.newDirectoryStream(root)) {
                for (Path child : children) {
                    deleteTree(child);
                }
            } catch (NoSuchFileException gone) {
                return;
            }
        }
        Files.deleteIfExists(root);
    }

    /**
     * Says what a person can do about a write that failed.
     *
     * @param target what was being written
     * @return the exception as it is where nobody can do anything
     * @throws InputException when the disk is full or the folder cannot be written
     */
    public static IOException asInput(Path target, IOException e) {
        String message = String.valueOf(e.getMessage());
        if (message.contains("No space left")
                || message.contains("Disk quota")
                || message.contains("not enough space")) {
            throw InputException.about(target)
                    .found("the disk is full")
                    .remedy("Nothing was changed: free some space, or write to another disk")
                    .build(e);
        }
        if (e instanceof java.nio.file.AccessDeniedException || message.contains("Read-only file system")) {
            throw InputException.about(target)
                    .found("cannot be written: " + message)
                    .remedy("Choose a folder you may write to")
                    .build(e);
        }
        return e;
    }
}
