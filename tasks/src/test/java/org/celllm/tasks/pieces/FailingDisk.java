package org.celllm.tasks.pieces;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import org.celllm.data.files.Disk;

/** A disk whose n-th operation fails, after half of a write was done; nothing works behind it. */
public final class FailingDisk implements Disk {
    private final int failing;
    private final String message;
    private int operations;

    /** @param failing the operation that fails, counted from 1 */
    public FailingDisk(int failing) {
        this(failing, "the disk is gone");
    }

    /** @param message of the failure */
    public FailingDisk(int failing, String message) {
        this.failing = failing;
        this.message = message;
    }

    /** Operations so far. */
    public int operations() {
        return operations;
    }

    /** Whether it came to the failure. */
    public boolean failed() {
        return operations >= failing;
    }

    private void count() throws IOException {
        if (++operations >= failing) {
            throw new IOException(message + ", operation " + operations);
        }
    }

    @Override
    public void write(FileChannel channel, ByteBuffer bytes) throws IOException {
        if (operations + 1 == failing) {
            ByteBuffer half = bytes.duplicate();
            half.limit(bytes.position() + bytes.remaining() / 2);
            channel.write(half);
        }
        count();
        Disk.super.write(channel, bytes);
    }

    @Override
    public void sync(Path file) throws IOException {
        count();
        Disk.super.sync(file);
    }

    @Override
    public void rename(Path from, Path to) throws IOException {
        count();
        Disk.super.rename(from, to);
    }
}
