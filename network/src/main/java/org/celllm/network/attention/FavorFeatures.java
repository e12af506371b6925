package org.celllm.network.attention;

import java.util.List;
import java.util.function.Consumer;
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
    private final float[] highest;

    FavorFeatures(FusedFavor favor, FavorOperands operands, List<FavorGroup> groups) {
        this.shape = favor.shape;
        this.programs = favor.programs;
        this.buffers = favor.buffers;
        this.operands = operands;
        this.copies = favor.copies;
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
    private void features(FavorMatrix rows, int from, int count, int head, Use use, int place) {
        for (int done = 0; done < count; done += FavorShape.MOST_ROWS) {
            Program program = programs.features(block(count, done), rows.rowStride());
            program.run(
                    rows.address(from + done, head),
                    operands.alongAddress(),
                    buffers.address(use, matrix(place + done)),
                    operands.biasAddress());
        }
    }

    /** Rows of the product over the block that begins {@code done} rows on, brought to a multiple of 16. */
    static int block(int count, int done) {
        return Math.min(FavorShape.MOST_ROWS, FavorShape.roundUp(count - done));
    }

    /**
     * The highest feature by row and head.
     *
     * @param into the buffer for them
     * @param intoRow the row at which they begin there
     */
    private void highest(Use use, int place, int count, Use into, int intoRow) {
        if (shape.format() == Format.FLOAT32) {
            // Features are not negative, so that they stand in the order of their bits: libtorch is slower on floats,
            // the library
            // slower yet.
            torch.amax_out(
                    bits(buffers.view(
                            into,
                            (long) intoRow * shape.together(),
                            new long[] {(long) count * shape.together()},
                            new long[] {1})),
                    bits(byRowAndHead(use, place, count)),
                    new long[] {1},
                    false);
            return;
        }
        programs.highest(FavorShape.inSteps(count))
                .run(buffers.address(use, matrix(place)), buffers.address(into, (long) intoRow * shape.together()));
    }

    /**
     * Where the features of some heads go.
     *
     * @param use {@link Use#FEATURES} has room for those of a panel, the others for those of a group or of all rows
     * @param from the row at which the group's begin
     */
    record Place(Use use, int from) {
        static final Place PANEL = new Place(Use.FEATURES, 0);

        /** The row at which a panel's begin. */
        int row(Panel panel) {
            return use == Use.FEATURES ? 0 : from + panel.from();
        }
    }

    /** Where the features of some heads of a group lie: those that are kept for the way back, else in a place of their own. */
    Place place(FavorKept.@Nullable Features kept, Use use, FavorRows rows, int head, Place other) {
        return kept == null ? other : new Place(use, kept.row(shape, head, rows.firstRow()));
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
     * Computes E of some heads' keys, and from it and {@link Use#VALUES} Eᵀ V'.
     *
     * @param head the first of the heads
     * @param place where E goes
     * @param sums where Eᵀ V' goes; {@code null} where it is not wanted
     * @param summed number of the first of the heads among the sums
     * @param growth exp(h) of the group's keys
     * @param maxima learns the highest E; {@code null} where it is known
     * @param first is done for a panel before anything else is
     */
    void keyFeatures(
            FavorGroup group,
            int head,
            Place place,
            @Nullable FavorSums sums,
            int summed,
            FavorFactors growth,
            @Nullable KeyMaxima maxima,
            Consumer<Panel> first) {
        for (Panel panel : group.keys().panels()) {
            first.accept(panel);
            Use use = place.use();
            int row = place.row(panel);
            features(operands.key(), group.keys().firstRow() + panel.from(), panel.rows(), head, use, row);
            if (maxima != null) {
                highest(use, row, panel.rows(), Use.HIGHEST, 0);
                maxima.take(read(panel.rows() * shape.together()), group, panel, head, shape.together());
            }
            copies.run(
                    new Copy(Way.PLAIN, shape.eachHead(), shape.floors(), shape.together(), 1),
                    panel.rows(),
                    growth.address(panel, head),
                    buffers.address(use, matrix(row) + shape.features()),
                    0);
            if (sums != null) {
                sum(panel, head, place, sums, summed);
            }
        }
    }

    /** Eᵀ V' of some heads' keys, whose features are there. */
    void sum(FavorGroup group, int head, Place place, FavorSums sums, int summed) {
        for (Panel panel : group.keys().panels()) {
            sum(panel, head, place, sums, summed);
        }
    }

    private void sum(Panel panel, int head, Place place, FavorSums sums, int summed) {
        for (Segment segment : panel.segments()) {
            int from = place.row(panel) + segment.from() - panel.from();
            accumulate(segment, place.use(), from, Use.VALUES, head, sums.address(segment.cell(), summed));
        }
    }

    /** Where the highest of a panel's queries lie, for features that lie in a place. */
    long highestOfQueries(Place place, Panel panel) {
        return buffers.address(ofHighest(place), (long) place.row(panel) * shape.together());
    }

    private static Use ofHighest(Place place) {
        return place.use() == Use.FEATURES ? Use.HIGHEST : Use.QUERY_HIGHEST;
    }

    /** Features of a panel's queries, with their floor, and the highest of each. */
    void queryFeatures(FavorGroup group, Panel panel, int head, Place place, FavorFactors growth) {
        int row = place.row(panel);
        features(operands.query(), group.queries().firstRow() + panel.from(), panel.rows(), head, place.use(), row);
        highest(place.use(), row, panel.rows(), ofHighest(place), row);
        Lie highest = new Lie(Format.FLOAT32, shape.together(), 1);
        copies.run(
                new Copy(Way.SCALED, highest, shape.floors(), shape.together(), 1),
                panel.rows(),
                highestOfQueries(place, panel),
                buffers.address(place.use(), matrix(row) + shape.features()),
                growth.sideBySide(panel, head));
    }

    private float[] read(int count) {
        buffers.read(Use.HIGHEST, highest, count);
        return highest;
    }
}
