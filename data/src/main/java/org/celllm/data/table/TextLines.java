package org.celllm.data.table;

import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.zip.ZipException;
import org.celllm.data.InputException;
import org.celllm.data.files.TextFiles;

/** Lines of a text file, gzipped or not, as bytes in one reused buffer. */
public final class TextLines implements AutoCloseable {
    private static final int LONGEST = 256 << 20;

    private final Path file;
    private final int longest;
    private final InputStream in;
    private final byte[] read = new byte[1 << 16];
    private int from;
    private int to;
    private byte[] line = new byte[1 << 10];
    private int length;
    private long number;

    /** Opens the file. */
    public TextLines(Path file) throws IOException {
        this(file, LONGEST);
    }

    /**
     * Opens the file.
     *
     * @param longest the most bytes of a line, at least a megabyte
     */
    public TextLines(Path file, int longest) throws IOException {
        this.file = file;
        this.longest = longest;
        this.in = TextFiles.stream(file);
    }

    /**
     * Moves to the next line.
     *
     * @return whether there is one
     * @throws InputException when the file breaks off inside its compression, or a line is absurdly long
     */
    public boolean next() throws IOException {
        length = 0;
        boolean any = false;
        while (true) {
            if (from == to && !fill()) {
                break;
            }
            any = true;
            int end = from;
            while (end < to && read[end] != '\n') {
                end++;
            }
            append(end - from);
            boolean ended = end < to;
            from = ended ? end + 1 : end;
            if (ended) {
                break;
            }
        }
        if (any) {
            number++;
            if (length > 0 && line[length - 1] == '\r') {
                length--;
            }
        }
        return any;
    }

    private boolean fill() throws IOException {
        try {
            to = in.read(read);
        } catch (EOFException | ZipException damaged) {
            throw TextFiles.damagedGzip(file, damaged);
        }
        from = 0;
        if (to < 0) {
            to = 0;
            return false;
        }
        return true;
    }

    private void append(int count) {
        if ((long) length + count > longest) {
            throw InputException.about(file)
                    .at("line " + (number + 1))
                    .found("is longer than " + (longest >> 20) + " MB")
                    .expected("a table with one row a line")
                    .remedy("Export the table again, as text")
                    .build();
        }
        if (length + count > line.length) {
            line = Arrays.copyOf(line, (int) Math.min(longest, Math.max(2L * line.length, (long) length + count)));
        }
        System.arraycopy(read, from, line, length, count);
        length += count;
    }

    /** The buffer; the line is its first {@link #length()} bytes until {@link #next} is called. */
    public byte[] bytes() {
        return line;
    }

    /** Bytes of the line. */
    public int length() {
        return length;
    }

    /** The line's number, from 1. */
    public long number() {
        return number;
    }

    /** An error at this line. */
    public InputException.Builder error() {
        return InputException.about(file).at("line " + number);
    }

    @Override
    public void close() throws IOException {
        in.close();
    }
}
