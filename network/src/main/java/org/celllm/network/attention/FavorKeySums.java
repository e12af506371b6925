package org.celllm.network.attention;

import java.util.List;
import org.bytedeco.pytorch.Scalar;
import org.bytedeco.pytorch.ScalarTypeOptional;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.global.torch;
import org.bytedeco.pytorch.global.torch.ScalarType;
import org.celllm.network.attention.FavorBuffers.Use;
import org.celllm.network.attention.FavorRows.Panel;
import org.celllm.network.attention.FavorRows.Segment;
import org.celllm.network.onednn.Program;
import org.celllm.network.onednn.Strided.Format;
import org.celllm.network.runtime.TensorArrays;
import org.jspecify.annotations.Nullable;

/**
 * What forward and backward pass of {@link FusedFavor} share: features, and the sums S' of a group's keys and values.
 *
 * <p>Sums lie by cell, then head, then feature. A pass keeps those of {@code heads} heads: all, or as many as are computed
 * together.
 */
final class FavorKeySums {
    private final FavorShape shape;
    private final FavorPrograms programs;
    private final FavorBuffers buffers;
    private final FavorOperands operands;
    private final int heads;
    private final float[] highest;

    FavorKeySums(FusedFavor favor, FavorOperands operands, List<FavorGroup> groups, int heads) {
        this.shape = favor.shape;
        this.programs = favor.programs;
        this.buffers = favor.buffers;
        this.operands = operands;
        this.heads = heads;
        int panel = shape.panelRows() + 2 * FavorOperands.SLACK + 2;
        this.highest = new float[panel * shape.together()];
        long rows = mostKeys(groups);
        buffers.reserve(Use.FEATURES, matrix(panel));
        buffers.reserve(Use.HIGHEST, highest.length);
        buffers.reserve(Use.VALUES, joint((int) rows, 0));
        buffers.reserve(Use.SUMS, sumSize(groups));
        buffers.reserve(Use.SUM_OPERANDS, sumSize(groups));
    }

    /** Rows of a group's buffers of keys, with those that are written behind the last. */
    static int mostKeys(List<FavorGroup> groups) {
        return FavorGroup.mostKeys(groups) + FavorOperands.SLACK;
    }

    private long sumSize(List<FavorGroup> groups) {
        return sum(FavorGroup.mostCells(groups), 0);
    }

    /** Index of a row of features. */
    long matrix(int row) {
        return (long) row * shape.together() * shape.padded();
    }

    /** Index of a row and head of joint values. */
    long joint(int row, int head) {
        return (long) row * shape.jointInner() + (long) head * shape.jointStride();
    }

    /** Index of a cell's and head's sums. */
    long sum(int cell, int head) {
        return ((long) cell * heads + head) * shape.padded() * shape.joint();
    }

    /**
     * exp(−h) ∘ [V, 1] of a group into {@link Use#VALUES}.
     *
     * @param shrinkage exp(−h), [rows, heads, 1]
     */
    void putValues(FavorGroup group, Tensor shrinkage) {
        Tensor values = values(Use.VALUES, group.keys());
        Tensor given = operands.byHead(operands.value(), group.keys());
        operands.byHeads(heads -> torch.mul_out(heads.of(values), heads.of(given), heads.of(shrinkage)));
        besideValues(Use.VALUES, group.keys()).copy_(shrinkage);
    }

    /** Values of a group's rows in a buffer of joint values, [rows, heads, headDim]. */
    Tensor values(Use use, FavorRows rows) {
        return jointView(use, rows, 0, shape.headDim());
    }

    /** The column beside them, [rows, heads, 1]. */
    Tensor besideValues(Use use, FavorRows rows) {
        return jointView(use, rows, shape.headDim(), 1);
    }

    private Tensor jointView(Use use, FavorRows rows, int from, int columns) {
        return buffers.view(use, from, new long[] {rows.rows(), shape.heads(), columns}, new long[] {
            shape.jointInner(), shape.jointStride(), 1
        });
    }

    /**
     * Adds featuresᵀ · values over a segment's rows to sums: those beyond a multiple of 16 by themselves, since the rows behind
     * them are another cell's.
     *
     * @param featuresRow where the segment's rows begin among the features
     * @param head the first of the values' heads
     * @param into the place of the sums
     */
    void accumulate(Segment segment, Use features, int featuresRow, Use values, int head, Use sums, long into) {
        int whole = segment.rows() / 16 * 16;
        long place = buffers.address(sums, into);
        if (whole > 0) {
            programs.addToSums(whole)
                    .run(
                            buffers.address(values, joint(segment.from(), head)),
                            buffers.address(features, matrix(featuresRow)),
                            place);
        }
        if (whole < segment.rows()) {
            programs.addToSums(segment.rows() - whole)
                    .run(
                            buffers.address(values, joint(segment.from() + whole, head)),
                            buffers.address(features, matrix(featuresRow + whole)),
                            place);
        }
    }

    /** Sets a group's sums to zero. */
    void clear(Use use, FavorGroup group) {
        buffers.view(use, 0, new long[] {sum(group.cells(), 0)}, new long[] {1}).zero_();
    }

    /**
     * Features of some rows.
     *
     * @param rows queries or keys
     * @param from the first row
     * @param count how many
     * @param use where they go
     * @param place the row at which they begin there
     */
    void features(Tensor rows, int from, int count, int head, Use use, int place) {
        for (int done = 0; done < count; done += FavorShape.MOST_ROWS) {
            Program program = programs.features(block(count, done), (int) rows.stride(0));
            program.run(
                    operands.address(rows, from + done, head),
                    operands.alongAddress(),
                    buffers.address(use, matrix(place + done)),
                    operands.biasAddress());
        }
    }

    /** Rows of the product over the block that begins {@code done} rows on, brought to a multiple of 16. */
    static int block(int count, int done) {
        return Math.min(FavorShape.MOST_ROWS, FavorShape.roundUp(count - done));
    }

    /** The highest feature by row and head into {@link Use#HIGHEST}. */
    void highest(Use use, int place, int count) {
        if (shape.format() == Format.FLOAT32) {
            // Features are not negative, so that they stand in the order of their bits: libtorch is slower on floats,
            // the library
            // slower yet.
            torch.amax_out(
                    bits(buffers.view(Use.HIGHEST, 0, new long[] {(long) count * shape.together()}, new long[] {1})),
                    bits(byRowAndHead(use, place, count)),
                    new long[] {1},
                    false);
            return;
        }
        for (int done = 0; done < count; done += FavorShape.MOST_ROWS) {
            programs.highest(block(count, done))
                    .run(
                            buffers.address(use, matrix(place + done)),
                            buffers.address(Use.HIGHEST, (long) done * shape.together()));
        }
    }

    /** Features of some rows, [rows · heads, features padded]. */
    Tensor byRowAndHead(Use use, int place, int count) {
        return buffers.view(
                use, matrix(place), new long[] {(long) count * shape.together(), shape.padded()}, new long[] {
                    shape.padded(), 1
                });
    }

    private static Tensor bits(Tensor floats) {
        return floats.view(ScalarType.Int);
    }

    /** The floor's feature of some rows, [rows, heads]. */
    Tensor floor(Use use, int place, int count) {
        return buffers.view(use, matrix(place) + shape.features(), new long[] {count, shape.together()}, new long[] {
            matrix(1), shape.padded()
        });
    }

    /**
     * Adds Eᵀ V' of some heads' keys to {@link Use#SUMS}.
     *
     * @param head the first of the heads
     * @param place of the first of them among the sums
     * @param use where E goes: {@link Use#FEATURES} keeps a panel of it, {@link Use#KEY_FEATURES} the group's
     * @param growth exp(h) of the group's keys
     * @param maxima learns the highest E; {@code null} where it is known
     */
    void add(FavorGroup group, int head, int place, Use use, Tensor growth, @Nullable KeyMaxima maxima) {
        for (Panel panel : group.keys().panels()) {
            int row = use == Use.KEY_FEATURES ? panel.from() : 0;
            features(operands.key(), group.keys().firstRow() + panel.from(), panel.rows(), head, use, row);
            if (maxima != null) {
                highest(use, row, panel.rows());
                maxima.take(read(panel.rows() * shape.together()), group, panel, head, shape.together());
            }
            floor(use, row, panel.rows()).copy_(ofHeads(growth, panel, head));
            for (Segment segment : panel.segments()) {
                int from = row + segment.from() - panel.from();
                accumulate(segment, use, from, Use.VALUES, head, Use.SUMS, sum(segment.cell(), place));
            }
        }
    }

    /** Features of a panel's queries in {@link Use#FEATURES}, with their floor, and the highest of each. */
    void queryFeatures(FavorGroup group, Panel panel, int head, Tensor growth) {
        features(operands.query(), group.queries().firstRow() + panel.from(), panel.rows(), head, Use.FEATURES, 0);
        highest(Use.FEATURES, 0, panel.rows());
        torch.mul_out(
                floor(Use.FEATURES, 0, panel.rows()),
                buffers.view(
                        Use.HIGHEST, 0, new long[] {panel.rows(), shape.together()}, new long[] {shape.together(), 1}),
                ofHeads(growth, panel, head));
    }

    private float[] read(int count) {
        buffers.read(Use.HIGHEST, highest, count);
        return highest;
    }

    /** A panel's rows and some heads of [rows, heads]. */
    Tensor ofHeads(Tensor byHead, Panel panel, int head) {
        return byHead.narrow(0, panel.from(), panel.rows()).narrow(1, head, shape.together());
    }

    /** Makes S' of {@link Use#SUMS}, into {@link Use#SUM_OPERANDS}. */
    void finish(FavorGroup group, KeyMaxima maxima) {
        Tensor sums = ofGroup(Use.SUMS, group);
        Tensor floor = sums.narrow(2, shape.features(), 1).mul(new Scalar(FavorFormula.FLOOR));
        Tensor operand = ofGroup(Use.SUM_OPERANDS, group);
        operand.copy_(sums.mul_(perCell(group, maxima)).add_(floor));
        Tensor real = operand.narrow(2, 0, shape.features());
        operand.narrow(2, shape.features(), 1)
                .copy_(real.sum(new long[] {2}, true, new ScalarTypeOptional(ScalarType.Float)));
    }

    /** 1 / K of a group's cells, [cells, 1, 1, 1]. */
    Tensor perCell(FavorGroup group, KeyMaxima maxima) {
        float[] factors = new float[group.cells()];
        for (int cell = 0; cell < factors.length; cell++) {
            factors[cell] = 1 / maxima.value()[group.firstCell() + cell];
        }
        return TensorArrays.of(factors, factors.length, 1, 1, 1);
    }

    /** Sums of a group, [cells, heads, features padded, joint]. */
    Tensor ofGroup(Use use, FavorGroup group) {
        return buffers.view(use, 0, new long[] {group.cells(), heads, shape.padded(), shape.joint()}, new long[] {
            sum(1, 0), sum(0, 1), 1, shape.padded()
        });
    }
}
