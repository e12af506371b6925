package org.celllm.data.hdf5;

import io.jhdf.HdfFile;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.SeekableByteChannel;
import java.nio.file.Files;
import java.nio.file.Path;

/** An open HDF5 file, read by positional reads. Not thread safe. */
public final class Hdf5File implements AutoCloseable {
    static {
        LzfTexts.register();
    }

    private final Path path;
    private final long size;
    private final HdfFile file;
    private final Hdf5Group root;

    private Hdf5File(Path path, long size, HdfFile file) {
        this.path = path;
        this.size = size;
        this.file = file;
        this.root = new Hdf5Group(this, file, "/");
    }

    /** Whether these first bytes of a file are those of HDF5. */
    public static boolean recognises(ByteBuffer head) {
        return Superblock.signed(head);
    }

    /**
     * Opens a file.
     *
     * @throws org.celllm.data.InputException when it is damaged or cut
     */
    public static Hdf5File open(Path path) throws IOException {
        Superblock.requireWhole(path);
        long size = Files.size(path);
        SeekableByteChannel channel = Files.newByteChannel(path);
        try {
            // Given a channel rather than a path the library cannot map the file: mapped pages count as resident
            // memory, and a file cut under a map is a signal rather than an exception.
            HdfFile file = Hdf5Boundary.guard(path, "/", () -> new HdfFile(channel, path.toUri()));
            return new Hdf5File(path, size, file);
        } catch (RuntimeException e) {
            channel.close();
            throw e;
        }
    }

    /** The path it was opened by. */
    public Path path() {
        return path;
    }

    /** Bytes of the file. */
    public long size() {
        return size;
    }

    /** The group everything hangs from. */
    public Hdf5Group root() {
        return root;
    }

    @Override
    public void close() {
        file.close();
    }
}
