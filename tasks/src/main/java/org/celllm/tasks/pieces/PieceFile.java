package org.celllm.tasks.pieces;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.zip.CRC32C;
import org.celllm.data.files.SafeFiles;
import org.jspecify.annotations.Nullable;

/**
 * Rows of 32-bit numbers, one for each cell in the file's order, appended in pieces. A piece is its first cell, its cells
 * and columns, the numbers, and a checksum of all that; the file is synced every few seconds. Opened again, it holds the
 * pieces up to the first that is not whole: what follows is cut off.
 *
 * <p>Not thread safe.
 */
public final class PieceFile implements AutoCloseable {
    /** Cells of a piece at most. */
    public static final int MOST_CELLS = 1 << 13;

    private static final int MAGIC = 0x43_45_4c_4c;
    /** The magic number, first cell, cells, columns. */
    private static final int HEAD = 16;

    private static final int CHECKSUM = 4;
    private static final long SYNC_NANOS = 2_000_000_000L;

    private final Path file;
    private final FileChannel channel;
    private final int columns;
    private ByteBuffer buffer = ByteBuffer.allocate(0);
    private int cells;
    private boolean damaged;
    private long synced = System.nanoTime();

    private PieceFile(Path file, FileChannel channel, int columns) {
        this.file = file;
        this.channel = channel;
        this.columns = columns;
    }

    /** Takes pieces, from the first to the last. */
    @FunctionalInterface
    public interface Pieces {
        /**
         * @param first cell
         * @param rows [≥ cells × columns] row by row, valid until this returns
         * @param cells how many
         */
        void accept(int first, float[] rows, int cells) throws IOException;
    }

    /**
     * Opens a file, makes sure of every piece, and cuts off what is not whole.
     *
     * @param file made when it is not there
     * @param columns numbers a cell
     */
    static PieceFile open(Path file, int columns) throws IOException {
        FileChannel channel =
                FileChannel.open(file, StandardOpenOption.CREATE, StandardOpenOption.READ, StandardOpenOption.WRITE);
        try {
            PieceFile pieces = new PieceFile(file, channel, columns);
            long end = pieces.read((first, rows, cells) -> pieces.cells = first + cells);
            pieces.damaged = end < channel.size();
            channel.truncate(end);
            channel.position(end);
            return pieces;
        } catch (Throwable e) {
            channel.close();
            throw e;
        }
    }

    /** How many cells a file speaks of, by its pieces' heads alone; 0 where there is none. */
    static int claimed(Path file) throws IOException {
        if (!Files.isRegularFile(file)) {
            return 0;
        }
        int cells = 0;
        try (FileChannel channel = FileChannel.open(file, StandardOpenOption.READ)) {
            for (long at = 0; at < channel.size(); ) {
                Head head = head(channel, at);
                if (head == null || head.first != cells) {
                    break;
                }
                cells += head.cells;
                at += HEAD + head.bytes() + CHECKSUM;
            }
        }
        return cells;
    }

    /** Cells that are finished. */
    public int cells() {
        return cells;
    }

    /** Whether something was cut off when it was opened. */
    public boolean damaged() {
        return damaged;
    }

    /**
     * Appends the next cells.
     *
     * @param first must be {@link #cells()}
     * @param rows [≥ count × columns] row by row
     * @param count cells, at most {@link #MOST_CELLS}
     */
    public void put(int first, float[] rows, int count) throws IOException {
        if (first != cells || count < 1 || count > MOST_CELLS) {
            throw new IllegalArgumentException(count + " cells from " + first + " after " + cells);
        }
        ByteBuffer bytes = room(HEAD + 4 * count * columns + CHECKSUM);
        bytes.putInt(MAGIC).putInt(first).putInt(count).putInt(columns);
        bytes.asFloatBuffer().put(rows, 0, count * columns);
        bytes.position(HEAD + 4 * count * columns);
        bytes.putInt(checksum(bytes.duplicate().flip()));
        SafeFiles.put(channel, bytes.flip());
        cells += count;
        if (System.nanoTime() - synced >= SYNC_NANOS) {
            sync();
        }
    }

    /** Makes what was appended survive a loss of power. */
    public void sync() throws IOException {
        SafeFiles.sync(file);
        synced = System.nanoTime();
    }

    /**
     * Reads all pieces.
     *
     * @throws IOException when one is not whole any more
     */
    public void forEach(Pieces pieces) throws IOException {
        long end = read(pieces);
        if (end != channel.size()) {
            throw new IOException(file + " was damaged while it was in use, at byte " + end);
        }
    }

    /** Reads pieces until one is not whole; returns where that begins. */
    private long read(Pieces pieces) throws IOException {
        float[] rows = new float[0];
        int next = 0;
        long at = 0;
        while (at < channel.size()) {
            Head head = head(channel, at);
            if (head == null || head.first != next || head.columns != columns) {
                break;
            }
            int bytes = HEAD + (int) head.bytes() + CHECKSUM;
            ByteBuffer piece = room(bytes);
            if (!fill(channel, piece, at)) {
                break;
            }
            piece.flip();
            if (checksum(piece.duplicate().limit(bytes - CHECKSUM)) != piece.getInt(bytes - CHECKSUM)) {
                break;
            }
            int numbers = head.cells * columns;
            if (rows.length < numbers) {
                rows = new float[numbers];
            }
            piece.position(HEAD);
            piece.asFloatBuffer().get(rows, 0, numbers);
            pieces.accept(next, rows, head.cells);
            next += head.cells;
            at += bytes;
        }
        return at;
    }

    private record Head(int first, int cells, int columns) {
        long bytes() {
            return 4L * cells * columns;
        }
    }

    /** The head of a piece that lies wholly in the file, or null. */
    private static @Nullable Head head(FileChannel channel, long at) throws IOException {
        ByteBuffer bytes = ByteBuffer.allocate(HEAD).order(ByteOrder.LITTLE_ENDIAN);
        if (!fill(channel, bytes, at) || bytes.getInt(0) != MAGIC) {
            return null;
        }
        Head head = new Head(bytes.getInt(4), bytes.getInt(8), bytes.getInt(12));
        boolean possible = head.cells > 0
                && head.cells <= MOST_CELLS
                && head.columns > 0
                && head.bytes() <= channel.size() - at - HEAD - CHECKSUM
                && head.bytes() < Integer.MAX_VALUE - 64;
        return possible ? head : null;
    }

    private static boolean fill(FileChannel channel, ByteBuffer bytes, long at) throws IOException {
        while (bytes.hasRemaining()) {
            if (channel.read(bytes, at + bytes.position()) < 0) {
                return false;
            }
        }
        return true;
    }

    private ByteBuffer room(int bytes) {
        if (buffer.capacity() < bytes) {
            buffer = ByteBuffer.allocate(bytes).order(ByteOrder.LITTLE_ENDIAN);
        }
        return buffer.clear().limit(bytes);
    }

    private static int checksum(ByteBuffer bytes) {
        CRC32C checksum = new CRC32C();
        checksum.update(bytes);
        return (int) checksum.getValue();
    }

    @Override
    public void close() throws IOException {
        channel.close();
    }
}
