package org.celllm.network.attention;

import java.util.HashMap;
import java.util.Map;
import java.util.function.Supplier;
import org.celllm.network.onednn.OneDnn;
import org.celllm.network.onednn.Product;
import org.celllm.network.onednn.Product.Finish;
import org.celllm.network.onednn.Program;
import org.celllm.network.onednn.RowOperations;
import org.celllm.network.onednn.Strided;
import org.celllm.network.onednn.Strided.Format;

/**
 * The products of {@link FusedFavor}, by their number of rows: a multiple of 16 up to {@link FavorShape#MOST_ROWS}, so
 * that there are few. All are over {@link FavorShape#together} heads at once. Prepared when first asked for.
 *
 * <p>A matrix of features lies row by row, within a row head by head.
 */
final class FavorPrograms implements AutoCloseable {
    /** Rows of a call that sums over columns. */
    private static final int MOST_SUMS = 4096;

    private final OneDnn library;
    private final FavorShape shape;
    private final int together;
    private final Map<Key, Program> programs = new HashMap<>();

    private enum Kind {
        FEATURES,
        SUMS,
        FIRST_SUMS,
        JOINT,
        VALUES,
        FLOW,
        BACK,
        HIGHEST,
        SUM,
        ROW_SUMS,
        EQUAL,
        ADD_SCALED
    }

    private record Key(Kind kind, int rows, int rowStride) {}

    FavorPrograms(OneDnn library, FavorShape shape) {
        this.library = library;
        this.shape = shape;
        this.together = shape.together();
    }

    /**
     * Rows [heads][rows, headDim], directions [headDim, features], out features; bias.
     *
     * @param rowStride numbers from one row to the next
     */
    Program features(int rows, int rowStride) {
        Strided directions = Strided.heads(
                shape.format(),
                1,
                shape.headDim(),
                shape.padded(),
                (long) shape.headDim() * shape.padded(),
                shape.padded(),
                1);
        return product(
                Kind.FEATURES,
                rows,
                rowStride,
                () -> Product.of(operand(rows, rowStride), directions, matrix(rows))
                        .bias()
                        .then(Finish.EXPONENTIAL));
    }

    /**
     * Adds featuresᵀ · joint to the sums, 32-bit floats, or begins them with it, over a multiple of 16 rows or fewer than 16: joint,
     * features, sums. Sums lie value by value, so that the narrower of the two is the one to be turned: a quarter faster than feature by
     * feature.
     */
    Program sums(int rows, boolean begins) {
        int padded = shape.padded();
        int joint = shape.joint();
        return product(begins ? Kind.FIRST_SUMS : Kind.SUMS, rows, () -> {
            Strided values =
                    Strided.heads(shape.format(), together, joint, rows, shape.jointStride(), 1, shape.jointInner());
            Strided sums = Strided.heads(Format.FLOAT32, together, joint, padded, (long) padded * joint, padded, 1);
            Product product = Product.of(values, matrix(rows), sums);
            return begins ? product : product.then(Finish.ACCUMULATE);
        });
    }

    /** features · sums into joint 32-bit floats. */
    Program joint(int rows) {
        return product(
                Kind.JOINT,
                rows,
                () -> Product.of(matrix(rows), sums(shape.joint()), joint(rows, shape.joint(), Format.FLOAT32)));
    }

    /** The same for values alone, without the columns beside them: these take half as long again. */
    Program values(int rows) {
        return product(
                Kind.VALUES,
                rows,
                () -> Product.of(matrix(rows), sums(shape.headDim()), joint(rows, shape.headDim(), Format.FLOAT32)));
    }

    /** (joint · sumsᵀ) ∘ features into a matrix like that of the features; the features. */
    Program flow(int rows) {
        Strided transposed = Strided.heads(
                shape.format(),
                together,
                shape.joint(),
                shape.padded(),
                (long) shape.padded() * shape.joint(),
                shape.padded(),
                1);
        return product(
                Kind.FLOW,
                rows,
                () -> Product.of(joint(rows, shape.joint(), shape.format()), transposed, matrix(rows))
                        .then(Finish.TIMES));
    }

    /** flow · [features, headDim] into rows that are {@code rowStride} apart. */
    Program back(int rows, int rowStride) {
        Strided directions = Strided.heads(
                shape.format(),
                1,
                shape.padded(),
                shape.headDim(),
                (long) shape.padded() * shape.headDim(),
                shape.headDim(),
                1);
        return product(
                Kind.BACK, rows, rowStride, () -> Product.of(matrix(rows), directions, operand(rows, rowStride)));
    }

    /** The highest feature of each row and head, [rows, heads] 32-bit floats. */
    Program highest(int rows) {
        return find(
                Kind.HIGHEST,
                rows,
                () -> RowOperations.highest(library, shape.format(), (long) rows * together, shape.padded()));
    }

    /** What the sum over the features of each row and head is short of nothing, [rows, heads] 32-bit floats. */
    Program negatedSum(int rows) {
        return find(
                Kind.SUM,
                rows,
                () -> RowOperations.sum(library, shape.format(), (long) rows * together, shape.padded(), -1));
    }

    private Program rowSums(int rows, int columns) {
        return programs.computeIfAbsent(
                new Key(Kind.ROW_SUMS, rows, columns),
                key -> RowOperations.sum(library, shape.format(), rows, columns, 1));
    }

    /**
     * Sums over the columns of a matrix of operands whose rows follow each other.
     *
     * @param from where it lies
     * @param into where the sums go, [rows] 32-bit floats
     */
    void sums(long from, long rows, int columns, long into) {
        long done = 0;
        while (done < rows) {
            int count = FavorCopies.block((int) Math.min(MOST_SUMS, rows - done));
            rowSums(count, columns).run(from + done * columns * shape.format().bytes(), into + done * Float.BYTES);
            done += count;
        }
    }

    /** Where the features are the highest of their row and head. */
    Program equal(int rows) {
        return find(
                Kind.EQUAL,
                rows,
                () -> RowOperations.equal(library, shape.format(), (long) rows * together, shape.padded()));
    }

    /** Adds a matrix times a number a row and head to another. */
    Program addScaled(int rows) {
        return find(
                Kind.ADD_SCALED,
                rows,
                () -> RowOperations.addScaled(library, shape.format(), (long) rows * together, shape.padded()));
    }

    /** Prepares all for so many rows. */
    void prepare(int rows) {
        features(rows, shape.inner());
        sums(rows, true);
        sums(rows, false);
        for (int few = 1; few < 16; few++) {
            sums(few, true);
            sums(few, false);
        }
        joint(rows);
        values(rows);
        flow(rows);
        back(rows, 3 * shape.inner());
        highest(rows);
        negatedSum(rows);
        rowSums(rows, shape.headDim());
        equal(rows);
        addScaled(rows);
    }

    private Program find(Kind kind, int rows, Supplier<Program> make) {
        return programs.computeIfAbsent(new Key(kind, rows, 0), key -> make.get());
    }

    private Program product(Kind kind, int rows, Supplier<Product> make) {
        return product(kind, rows, 0, make);
    }

    private Program product(Kind kind, int rows, int rowStride, Supplier<Product> make) {
        return programs.computeIfAbsent(
                new Key(kind, rows, rowStride), key -> make.get().prepare(library));
    }

    private Strided operand(int rows, int rowStride) {
        return Strided.heads(shape.format(), together, rows, shape.headDim(), shape.headDim(), rowStride, 1);
    }

    private Strided joint(int rows, int columns, Format format) {
        return Strided.heads(format, together, rows, columns, shape.jointStride(), shape.jointInner(), 1);
    }

    private Strided matrix(int rows) {
        int padded = shape.padded();
        return Strided.heads(shape.format(), together, rows, padded, padded, (long) together * padded, 1);
    }

    private Strided sums(int columns) {
        return Strided.heads(
                shape.format(),
                together,
                shape.padded(),
                columns,
                (long) shape.padded() * shape.joint(),
                1,
                shape.padded());
    }

    @Override
    public void close() {
        programs.values().forEach(Program::close);
        programs.clear();
    }
}
