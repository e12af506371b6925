package org.celllm.data.anndata.write;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import org.celllm.data.random.KeyedRandom;

/**
 * Room on the disk that is given back when a write fails. The HDF5 library has to write what it still holds before it
 * can close a file; where it cannot, its state is damaged and the next file may crash the process. So when the disk is
 * full there must be a little room left for closing what is then thrown away.
 *
 * <p>It is a file without a name: a process that is killed leaves nothing.
 */
final class DiskReserve implements AutoCloseable {
    /** More than the library holds back: one chunk for each open dataset, and its cache of metadata. */
    private static final int BYTES = 8 << 20;

    private final FileChannel channel;

    private DiskReserve(FileChannel channel) {
        this.channel = channel;
    }

    /** Takes the room on the disk where {@code file} is. */
    static DiskReserve beside(Path file) throws IOException {
        Path name = file.resolveSibling(file.getFileName() + ".reserve");
        FileChannel channel = FileChannel.open(
                name, StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE, StandardOpenOption.DELETE_ON_CLOSE);
        try {
            // Random bytes, because some file systems store zeros in no room at all.
            byte[] bytes = new byte[1 << 16];
            KeyedRandom.of(1).nextBytes(bytes);
            for (int written = 0; written < BYTES; ) {
                written += channel.write(ByteBuffer.wrap(bytes));
            }
            return new DiskReserve(channel);
        } catch (Throwable e) {
            channel.close();
            throw e;
        }
    }

    /** Gives the room back; calling it again does nothing. */
    @Override
    public void close() throws IOException {
        channel.close();
    }
}
