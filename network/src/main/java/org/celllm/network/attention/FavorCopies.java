package org.celllm.network.attention;

import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.celllm.network.onednn.Copies;
import org.celllm.network.onednn.Copies.Way;
import org.celllm.network.onednn.OneDnn;
import org.celllm.network.onednn.Program;
import org.celllm.network.onednn.Strided;
import org.celllm.network.onednn.Strided.Format;

/**
 * Copies of {@link FusedFavor} between rows that lie in different ways, with a factor for each row and head. Prepared when first
 * asked for: for multiples of {@link FavorShape#STEP} rows, multiples of 16 below that, and fewer than 16.
 */
final class FavorCopies implements AutoCloseable {
    private final OneDnn library;
    private final Map<Key, Program> programs = new HashMap<>();

    FavorCopies(OneDnn library) {
        this.library = library;
    }

    /**
     * How the numbers of rows and heads lie.
     *
     * @param format number format
     * @param rowStride numbers from one row to the next
     * @param headStride numbers from one head to the next
     */
    record Lie(Format format, int rowStride, int headStride) {
        long bytes(int rows) {
            return (long) format.bytes() * rows * rowStride;
        }
    }

    /**
     * What is copied.
     *
     * @param heads of each row
     * @param columns of each head, side by side
     */
    record Copy(Way way, Lie from, Lie to, int heads, int columns) {}

    private record Key(Copy copy, int rows) {}

    /**
     * Runs a copy over some rows.
     *
     * @param from address of the first number to read
     * @param to address of the first to write
     * @param factors address of the first factor, [rows, heads] 32-bit floats side by side; not read by a plain copy
     */
    void run(Copy copy, int rows, long from, long to, long factors) {
        int done = 0;
        while (done < rows) {
            int count = block(rows - done);
            Program program = programs.computeIfAbsent(new Key(copy, count), this::prepare);
            long source = from + copy.from().bytes(done);
            long target = to + copy.to().bytes(done);
            if (copy.way() == Way.PLAIN) {
                program.run(source, target);
            } else {
                program.run(source, target, factors + (long) Float.BYTES * done * copy.heads());
            }
            done += count;
        }
    }

    /** Prepares one copy of each kind, to see whether the library has fast code for them. */
    void prepare(FavorShape shape) {
        Lie operand = new Lie(shape.format(), 3 * shape.inner(), shape.headDim());
        Lie joint = shape.joint(shape.format());
        Lie wide = shape.joint(Format.FLOAT32);
        int heads = shape.heads();
        int columns = shape.headDim();
        int sum = shape.joint() * shape.padded();
        for (Copy copy : List.of(
                new Copy(Way.SCALED, operand, joint, heads, columns),
                new Copy(Way.SCALED, wide, operand, heads, columns),
                new Copy(Way.ADDED, operand, operand, heads, columns),
                new Copy(Way.PLAIN, shape.eachHead(), joint, heads, 1),
                new Copy(Way.PLAIN, wide, shape.eachHead(), heads, 1),
                new Copy(Way.PLAIN, shape.eachHead(), shape.floors(), shape.together(), 1),
                new Copy(Way.SCALED, shape.eachHead(), shape.floors(), shape.together(), 1),
                new Copy(Way.SCALED, new Lie(Format.FLOAT32, sum, sum), new Lie(shape.format(), sum, sum), 1, sum))) {
            programs.computeIfAbsent(new Key(copy, FavorShape.STEP), this::prepare);
        }
    }

    /** Rows of the next call where {@code left} are to come. */
    static int block(int left) {
        if (left >= FavorShape.STEP) {
            return left / FavorShape.STEP * FavorShape.STEP;
        }
        return left >= 16 ? left / 16 * 16 : left;
    }

    private Program prepare(Key key) {
        Copy copy = key.copy();
        return Copies.of(library, layout(copy.from(), key), layout(copy.to(), key), copy.way());
    }

    private static Strided layout(Lie lie, Key key) {
        long rows = key.rows();
        int heads = key.copy().heads();
        int columns = key.copy().columns();
        return columns == 1
                ? new Strided(lie.format(), new long[] {rows, heads}, new long[] {lie.rowStride(), lie.headStride()})
                : new Strided(lie.format(), new long[] {rows, heads, columns}, new long[] {
                    lie.rowStride(), lie.headStride(), 1
                });
    }

    @Override
    public void close() {
        programs.values().forEach(Program::close);
        programs.clear();
    }
}
