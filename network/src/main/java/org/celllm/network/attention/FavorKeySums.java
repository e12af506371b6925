package org.celllm.network.attention;

import java.util.Arrays;
import java.util.List;
import org.bytedeco.pytorch.Scalar;
import org.bytedeco.pytorch.ScalarTypeOptional;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.global.torch;
import org.bytedeco.pytorch.global.torch.ScalarType;
import org.celllm.network.attention.FavorBuffers.Use;
import org.celllm.network.attention.FavorCopies.Copy;
import org.celllm.network.attention.FavorCopies.Lie;
import org.celllm.network.attention.FavorRows.Panel;
import org.celllm.network.attention.FavorRows.Segment;
import org.celllm.network.onednn.Copies.Way;
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
    private final FavorCopies copies;
    private final FavorValues values;
    private final int heads;
    private final float[] highest;

    FavorKeySums(FusedFavor favor, FavorOperands operands, List<FavorGroup> groups, int heads) {
        this.shape = favor.shape;
        this.programs = favor.programs;
        this.buffers = favor.buffers;
        this.operands = operands;
        this.copies = favor.copies;
        this.values = new FavorValues(favor, operands);
        this.heads = heads;
        int panel = FavorShape.inSteps(shape.panelRows() + 2 * FavorOperands.SLACK + 2);
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
        return shape.jointIndex(row, head);
    }

    /** Index of a cell's and head's sums. */
    long sum(int cell, int head) {
        return ((long) cell * heads + head) * shape.padded() * shape.joint();
    }

    /**
     * Adds featuresᵀ · values over a segment's rows to sums, or begins them with it: those beyond a multiple of 16 by themselves, since the rows behind
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
            programs.sums(whole, segment.begins())
                    .run(
                            buffers.address(values, joint(segment.from(), head)),
                            buffers.address(features, matrix(featuresRow)),
                            place);
        }
        if (whole < segment.rows()) {
            programs.sums(segment.rows() - whole, segment.begins() && whole == 0)
                    .run(
                            buffers.address(values, joint(segment.from() + whole, head)),
                            buffers.address(features, matrix(featuresRow + whole)),
                            place);
        }
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
        programs.highest(FavorShape.inSteps(count))
                .run(buffers.address(use, matrix(place)), buffers.address(Use.HIGHEST, 0));
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
     * Puts Eᵀ V' of some heads' keys into {@link Use#SUMS}; the first heads of a pass put exp(−h) ∘ [V, 1] into {@link Use#VALUES}.
     *
     * @param head the first of the heads
     * @param place of the first of them among the sums
     * @param use where E goes: {@link Use#FEATURES} keeps a panel of it, {@link Use#KEY_FEATURES} the group's
     * @param growth exp(h) of the group's keys
     * @param shrinkage exp(−h) of the group's keys
     * @param maxima learns the highest E; {@code null} where it is known
     */
    void add(
            FavorGroup group,
            int head,
            int place,
            Use use,
            Tensor growth,
            Tensor shrinkage,
            @Nullable KeyMaxima maxima) {
        for (Panel panel : group.keys().panels()) {
            if (head == 0) {
                values.put(Use.VALUES, operands.value(), group.keys(), panel, shrinkage, shrinkage);
            }
            int row = use == Use.KEY_FEATURES ? panel.from() : 0;
            features(operands.key(), group.keys().firstRow() + panel.from(), panel.rows(), head, use, row);
            if (maxima != null) {
                highest(use, row, panel.rows());
                maxima.take(read(panel.rows() * shape.together()), group, panel, head, shape.together());
            }
            copies.run(
                    new Copy(Way.PLAIN, shape.eachHead(), shape.floors(), shape.together(), 1),
                    panel.rows(),
                    ofHeads(growth, panel, head).data_ptr().address(),
                    buffers.address(use, matrix(row) + shape.features()),
                    0);
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
        Lie highest = new Lie(Format.FLOAT32, shape.together(), 1);
        copies.run(
                new Copy(Way.SCALED, highest, shape.floors(), shape.together(), 1),
                panel.rows(),
                buffers.address(Use.HIGHEST, 0),
                buffers.address(Use.FEATURES, shape.features()),
                ofHeads(growth, panel, head).contiguous().data_ptr().address());
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
        Tensor below = highest(group, maxima);
        // S / K + ε ΣV is (S + ε K ΣV) / K.
        spreadFloor(Use.SUMS, group, below.mul(new Scalar(FavorFormula.FLOOR)));
        toOperands(Use.SUMS, Use.SUM_OPERANDS, group, below);
        // The floor meets the sums as they were rounded: where it decides, what they are short of would be most of a
        // gradient.
        putFloor(Use.SUM_OPERANDS, group, overFeatures(Use.SUM_OPERANDS, group));
    }

    /** K of a group's cells, [cells, 1]. */
    static Tensor highest(FavorGroup group, KeyMaxima maxima) {
        int from = group.firstCell();
        return TensorArrays.of(Arrays.copyOfRange(maxima.value(), from, from + group.cells()), group.cells(), 1);
    }

    /**
     * Adds what a group's sums have for the floor, times a factor, to those of all features, and clears it.
     *
     * @param factor [cells, 1]
     */
    void spreadFloor(Use use, FavorGroup group, Tensor factor) {
        Tensor all = byValue(use, group);
        all.add_(all.narrow(2, shape.features(), 1).mul(factor.unsqueeze(2)));
        all.narrow(2, shape.features(), shape.padded() - shape.features()).zero_();
    }

    /** A group's sums over the features, the floor being clear: [cells, heads · joint] 32-bit floats. */
    Tensor overFeatures(Use use, FavorGroup group) {
        if (use == Use.SUM_OPERANDS && shape.format() == Format.BFLOAT16) {
            Tensor sums = TensorArrays.empty(ScalarType.Float, group.cells(), (long) heads * shape.joint());
            programs.sums(
                    buffers.address(use, 0),
                    sums.numel(),
                    shape.padded(),
                    sums.data_ptr().address());
            return sums;
        }
        return byValue(use, group).sum(new long[] {2}, false, new ScalarTypeOptional(ScalarType.Float));
    }

    /** Sums of a group, [cells, heads · joint, features padded]. */
    private Tensor byValue(Use use, FavorGroup group) {
        return buffers.view(
                use, 0, new long[] {group.cells(), (long) heads * shape.joint(), shape.padded()}, new long[] {
                    sum(1, 0), shape.padded(), 1
                });
    }

    /** A group's sums as operands, divided by {@code below}, [cells, 1]. */
    void toOperands(Use sums, Use into, FavorGroup group, Tensor below) {
        int cell = (int) sum(1, 0);
        copies.run(
                new Copy(Way.SCALED, new Lie(Format.FLOAT32, cell, cell), new Lie(shape.format(), cell, cell), 1, cell),
                group.cells(),
                buffers.address(sums, 0),
                buffers.address(into, 0),
                below.reciprocal().data_ptr().address());
    }

    /** Sets what stands for the floor among operands to {@code floor}, [cells, heads · joint] 32-bit floats. */
    void putFloor(Use into, FavorGroup group, Tensor floor) {
        int cell = (int) sum(1, 0);
        int rows = heads * shape.joint();
        copies.run(
                new Copy(
                        Way.PLAIN,
                        new Lie(Format.FLOAT32, rows, 1),
                        new Lie(shape.format(), cell, shape.padded()),
                        rows,
                        1),
                group.cells(),
                floor.data_ptr().address(),
                buffers.address(into, shape.features()),
                0);
    }

    /** Sums of a group, [cells, heads, features padded, joint]. */
    Tensor ofGroup(Use use, FavorGroup group) {
        return buffers.view(use, 0, new long[] {group.cells(), heads, shape.padded(), shape.joint()}, new long[] {
            sum(1, 0), sum(0, 1), 1, shape.padded()
        });
    }
}
