package org.celllm.data.npy;

import java.io.EOFException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.celllm.data.InputException;
import org.celllm.data.safetensors.HalfPrecision;

/**
 * A NumPy array of numbers in memory, in row-major order whatever order the file has.
 *
 * @param shape sizes, outermost first
 * @param values as 32-bit floats, rounded where the file holds more
 */
public record NpyArray(int[] shape, float[] values) {
    private static final byte[] MAGIC = {(byte) 0x93, 'N', 'U', 'M', 'P', 'Y'};
    private static final int LONGEST_HEADER = 1 << 16;
    private static final Pattern TYPE = Pattern.compile("'descr'\\s*:\\s*'([^']*)'");
    private static final Pattern ORDER = Pattern.compile("'fortran_order'\\s*:\\s*(True|False)");
    private static final Pattern SHAPE = Pattern.compile("'shape'\\s*:\\s*\\(([0-9,\\sL]*)\\)");

    /** The number formats that are read. */
    private enum Format {
        F2(2),
        F4(4),
        F8(8),
        I4(4),
        I8(8);

        private final int bytes;

        Format(int bytes) {
            this.bytes = bytes;
        }

        float next(ByteBuffer buffer) {
            return switch (this) {
                case F2 -> HalfPrecision.fromF16(buffer.getShort());
                case F4 -> buffer.getFloat();
                case F8 -> (float) buffer.getDouble();
                case I4 -> buffer.getInt();
                case I8 -> buffer.getLong();
            };
        }
    }

    /** What the header says. */
    private record Header(Format format, ByteOrder order, boolean columnMajor, int[] shape, int elements) {}

    /**
     * Reads a file of format version 1, 2 or 3. Nothing is allocated before the header agrees with the size of the file;
     * arrays of Python objects, which could run code, are refused.
     *
     * @throws InputException when the file is no such array, is damaged, or holds anything but numbers
     */
    public static NpyArray read(Path file) throws IOException {
        if (!Files.isRegularFile(file)) {
            throw InputException.about(file).found("does not exist").build();
        }
        try (FileChannel channel = FileChannel.open(file)) {
            byte[] start = bytes(file, channel, 0, 12);
            if (!Arrays.equals(start, 0, 6, MAGIC, 0, 6) || start[6] < 1 || start[6] > 3) {
                throw InputException.about(file)
                        .found("is not a NumPy array")
                        .expected("a .npy file as numpy.save writes it")
                        .build();
            }
            ByteBuffer head = ByteBuffer.wrap(start).order(ByteOrder.LITTLE_ENDIAN);
            boolean first = start[6] == 1;
            long length = first ? head.getShort(8) & 0xFFFF : head.getInt(8) & 0xFFFFFFFFL;
            int from = first ? 10 : 12;
            if (length > LONGEST_HEADER) {
                throw damaged(file, "claims a header of " + length + " bytes");
            }
            Header header =
                    header(file, new String(bytes(file, channel, from, (int) length), StandardCharsets.ISO_8859_1));
            long expected = from + length + (long) header.elements() * header.format().bytes;
            if (channel.size() != expected) {
                throw damaged(file, "has " + channel.size() + " bytes where its header asks for " + expected);
            }
            return new NpyArray(header.shape(), values(file, channel, from + length, header));
        }
    }

    private static Header header(Path file, String text) {
        String type = find(file, TYPE, text);
        String shape = find(file, SHAPE, text);
        boolean columnMajor = find(file, ORDER, text).equals("True");
        Format format;
        try {
            format = Format.valueOf(type.substring(1).toUpperCase(java.util.Locale.ROOT));
        } catch (IllegalArgumentException | StringIndexOutOfBoundsException e) {
            throw unknown(file, type, e);
        }
        if ("<>".indexOf(type.charAt(0)) < 0) {
            throw unknown(file, type, null);
        }
        try {
            int[] sizes = Arrays.stream(shape.split(","))
                    .map(size -> size.replace("L", "").strip())
                    .filter(size -> !size.isEmpty())
                    .mapToInt(Integer::parseInt)
                    .toArray();
            int elements = Arrays.stream(sizes).reduce(1, Math::multiplyExact);
            ByteOrder order = type.charAt(0) == '<' ? ByteOrder.LITTLE_ENDIAN : ByteOrder.BIG_ENDIAN;
            return new Header(format, order, columnMajor && sizes.length > 1, sizes, elements);
        } catch (ArithmeticException | NumberFormatException e) {
            throw InputException.about(file)
                    .found("has the shape (" + shape + ")")
                    .expected("at most 2,147,483,647 numbers")
                    .build(e);
        }
    }

    private static String find(Path file, Pattern pattern, String header) {
        Matcher matcher = pattern.matcher(header);
        if (!matcher.find()) {
            throw InputException.about(file)
                    .at("header")
                    .found(header.strip())
                    .expected("an array of numbers, with descr, fortran_order and shape")
                    .build();
        }
        return matcher.group(1);
    }

    private static float[] values(Path file, FileChannel channel, long from, Header header) throws IOException {
        float[] inOrder = new float[header.elements()];
        int bytes = header.format().bytes;
        int piece = 1 << 16;
        for (int at = 0; at < inOrder.length; at += piece) {
            int count = Math.min(piece, inOrder.length - at);
            ByteBuffer buffer = ByteBuffer.wrap(bytes(file, channel, from + (long) at * bytes, count * bytes))
                    .order(header.order());
            for (int i = 0; i < count; i++) {
                inOrder[at + i] = header.format().next(buffer);
            }
        }
        if (!header.columnMajor()) {
            return inOrder;
        }
        if (header.shape().length != 2) {
            throw InputException.about(file)
                    .found("is stored by columns in " + header.shape().length + " dimensions")
                    .remedy("Save it with numpy.ascontiguousarray")
                    .build();
        }
        int rows = header.shape()[0];
        int columns = header.shape()[1];
        float[] byRow = new float[inOrder.length];
        for (int column = 0; column < columns; column++) {
            for (int row = 0; row < rows; row++) {
                byRow[row * columns + column] = inOrder[column * rows + row];
            }
        }
        return byRow;
    }

    private static byte[] bytes(Path file, FileChannel channel, long from, int length) throws IOException {
        ByteBuffer buffer = ByteBuffer.allocate(length);
        while (buffer.hasRemaining()) {
            if (channel.read(buffer, from + buffer.position()) < 0) {
                throw damaged(file, "ends after " + channel.size() + " bytes");
            }
        }
        return buffer.array();
    }

    private static InputException damaged(Path file, String what) {
        return InputException.about(file)
                .found(what)
                .remedy("It is damaged: copy or download it again")
                .build(new EOFException(what));
    }

    private static InputException unknown(Path file, String type, @org.jspecify.annotations.Nullable Exception cause) {
        InputException.Builder error = InputException.about(file)
                .found("holds values of type " + type)
                .expected("16, 32 or 64-bit floats, or 32 or 64-bit integers");
        return cause == null ? error.build() : error.build(cause);
    }
}
