package org.celllm.data.files;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.util.concurrent.atomic.AtomicInteger;

/** A disk whose n-th operation fails, after half of a write was done; nothing works behind it. For any number of threads. */
public final class FailingDisk implements Disk {
    private final int failing;
    private final String message;
    private final AtomicInteger operations = new AtomicInteger();

    /**
     * @param failing the operation that fails, counted from 1
     * @param message of the failure
     */
    public FailingDisk(int failing, String message) {
        this.failing = failing;
        this.message = message;
    }

    /** Whether it came to the failure. */
    public boolean failed() {
        return operations.get() >= failing;
    }

    /** Operations so far. */
    public int operations() {
        return operations.get();
    }

    private int count() throws IOException {
        int number = operations.incrementAndGet();
        if (number > failing) {
            throw new IOException(message + ", operation " + number);
        }
        return number;
    }

    private void fail(int number) throws IOException {
        if (number == failing) {
            throw new IOException(message + ", operation " + number);
        }
    }

    @Override
    public void write(FileChannel channel, ByteBuffer bytes) throws IOException {
        int number = count();
        if (number == failing) {
            ByteBuffer half = bytes.duplicate();
            half.limit(bytes.position() + bytes.remaining() / 2);
            channel.write(half);
        }
        fail(number);
        Disk.super.write(channel, bytes);
    }

    @Override
    public void sync(Path file) throws IOException {
        fail(count());
        Disk.super.sync(file);
    }

    @Override
    public void rename(Path from, Path to) throws IOException {
        fail(count());
        Disk.super.rename(from, to);
    }
}
