package org.celllm.network.attention;

import java.util.List;
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
import org.jspecify.annotations.Nullable;

/** What forward and backward pass of {@link FusedFavor} share: features of queries and keys, and sums over the rows of a cell. */
final class FavorFeatures {
    private final FavorShape shape;
    private final FavorPrograms programs;
    private final FavorBuffers buffers;
    private final FavorOperands operands;
    private final FavorCopies copies;
    private final FavorValues values;
    private final float[] highest;

    FavorFeatures(FusedFavor favor, FavorOperands operands, List<FavorGroup> groups) {
        this.shape = favor.shape;
        this.programs = favor.programs;
        this.buffers = favor.buffers;
        this.operands = operands;
        this.copies = favor.copies;
        this.values = new FavorValues(favor, operands);
        int panel = FavorShape.inSteps(shape.panelRows() + 2 * FavorOperands.SLACK + 2);
        this.highest = new float[panel * shape.together()];
        long rows = mostKeys(groups);
        buffers.reserve(Use.FEATURES, matrix(panel));
        buffers.reserve(Use.HIGHEST, highest.length);
        buffers.reserve(Use.VALUES, joint((int) rows, 0));
    }

    /** Rows of a group's buffers of keys, with those that are written behind the last. */
    static int mostKeys(List<FavorGroup> groups) {
        return FavorGroup.mostKeys(groups) + FavorOperands.SLACK;
    }

    /** Index of a row of features. */
    long matrix(int row) {
        return (long) row * shape.together() * shape.padded();
    }

    /** Index of a row and head of joint values. */
    long joint(int row, int head) {
        return shape.jointIndex(row, head);
    }

    /**
     * Adds featuresᵀ · values over a segment's rows to sums, or begins them with it: those beyond a multiple of 16 by themselves, since the rows behind
     * them are another cell's.
     *
     * @param featuresRow where the segment's rows begin among the features
     * @param head the first of the values' heads
     * @param into address of the sums
     */
    void accumulate(Segment segment, Use features, int featuresRow, Use values, int head, long into) {
        int whole = segment.rows() / 16 * 16;
        if (whole > 0) {
            programs.sums(whole, segment.begins())
                    .run(
                            buffers.address(values, joint(segment.from(), head)),
                            buffers.address(features, matrix(featuresRow)),
                            into);
        }
        if (whole < segment.rows()) {
            programs.sums(segment.rows() - whole, segment.begins() && whole == 0)
                    .run(
                            buffers.address(values, joint(segment.from() + whole, head)),
                            buffers.address(features, matrix(featuresRow + whole)),
                            into);
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
     * Computes E of some heads' keys, and from it Eᵀ V'; the first heads of a pass put exp(−h) ∘ [V, 1] into {@link Use#VALUES}.
     *
     * @param head the first of the heads
     * @param sums where Eᵀ V' goes; {@code null} where it is not wanted
     * @param place of the first of the heads among the sums
     * @param use where E goes: {@link Use#FEATURES} keeps a panel of it, {@link Use#KEY_FEATURES} the group's
     * @param growth exp(h) of the group's keys
     * @param shrinkage exp(−h) of the group's keys
     * @param maxima learns the highest E; {@code null} where it is known
     */
    void keyFeatures(
            FavorGroup group,
            int head,
            Use use,
            @Nullable FavorSums sums,
            int place,
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
            if (sums != null) {
                for (Segment segment : panel.segments()) {
                    int from = row + segment.from() - panel.from();
                    accumulate(segment, use, from, Use.VALUES, head, sums.address(segment.cell(), place));
                }
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
}
