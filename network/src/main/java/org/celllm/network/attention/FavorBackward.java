package org.celllm.network.attention;

import java.util.List;
import java.util.function.Consumer;
import org.bytedeco.pytorch.Scalar;
import org.bytedeco.pytorch.ScalarTypeOptional;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.global.torch;
import org.bytedeco.pytorch.global.torch.ScalarType;
import org.celllm.network.attention.FavorBuffers.Use;
import org.celllm.network.attention.FavorFeatures.Place;
import org.celllm.network.attention.FavorRows.Panel;
import org.celllm.network.attention.FavorRows.Segment;
import org.celllm.network.onednn.Strided.Format;
import org.celllm.network.runtime.TensorArrays;

/**
 * The backward pass of {@link FusedFavor}, group by group. Features are computed again; what flows into an exponent is
 * (left · rightᵀ) ∘ E, taken in the pass that makes the product.
 */
final class FavorBackward {
    private static final Place IN_GROUP = new Place(Use.KEY_FEATURES, 0);

    private final FavorShape shape;
    private final FavorPrograms programs;
    private final FavorBuffers buffers;
    private final FavorOperands operands;
    private final FavorValues values;
    private final FavorFeatures features;
    private final FavorSums sums;
    private final FavorSums sumGradients;
    private final SlowGroups slow;
    private final FavorPass forward;
    private final Tensor gradient;
    private final AttentionGradients out;
    private final FavorMatrix given;
    private final FavorMatrix queryGradients;
    private final FavorMatrix keyGradients;
    private final FavorMatrix valueGradients;

    FavorBackward(
            FusedFavor favor, FavorOperands operands, List<FavorGroup> groups, FavorPass forward, Tensor gradient) {
        this.shape = favor.shape;
        this.programs = favor.programs;
        this.buffers = favor.buffers;
        this.operands = operands;
        this.values = new FavorValues(favor);
        this.slow = new SlowGroups(shape, operands);
        this.forward = forward;
        this.gradient = gradient.contiguous();
        this.features = new FavorFeatures(favor, operands, groups);
        Tensor kept = forward.kept().sums();
        int heads = kept == null ? shape.together() : shape.heads();
        this.sums = new FavorSums(favor, groups, Use.SUMS, Use.SUM_OPERANDS, heads, kept);
        this.sumGradients =
                new FavorSums(favor, groups, Use.SUM_GRADIENTS, Use.SUM_GRADIENT_OPERANDS, shape.together(), null);
        this.out = operands.gradientRows();
        this.given = FavorMatrix.of(this.gradient, shape);
        this.queryGradients = FavorMatrix.of(out.query(), shape);
        this.keyGradients = FavorMatrix.of(out.key(), shape);
        this.valueGradients = FavorMatrix.of(out.value(), shape);
        int keys = FavorFeatures.mostKeys(groups);
        int queries = FavorGroup.mostQueries(groups) + FavorOperands.SLACK;
        int panel = FavorShape.inSteps(shape.panelRows() + 2 * FavorOperands.SLACK + 2);
        if (forward.kept().keys() == null) {
            buffers.reserve(Use.KEY_FEATURES, features.matrix(keys + FavorOperands.SLACK));
        }
        buffers.reserve(Use.FLOW, features.matrix(panel));
        buffers.reserve(Use.MASK, features.matrix(panel));
        buffers.reserve(Use.ROW_FLOW, (long) panel * shape.together());
        buffers.reserve(Use.GRADIENTS, features.joint(queries, 0));
        buffers.reserve(Use.VALUE_GRADIENTS, features.joint(keys, 0));
    }

    AttentionGradients result() {
        operands.clearFiller(out);
        return out;
    }

    /** Differentiates the attention within the cells of a group. */
    void differentiate(FavorGroup group) {
        Tensor queryLengths = FavorOperands.halvesOf(forward.queryHalves(), group.queries());
        Tensor keyLengths = FavorOperands.halvesOf(forward.keyHalves(), group.keys());
        if (!FusedFavor.fits(queryLengths) || !FusedFavor.fits(keyLengths)) {
            slow.differentiate(group, gradient, out);
            return;
        }
        FavorFactors shrinkage = factors(operands.keyShrinkage(keyLengths));
        FavorFactors keyGrowth = factors(FavorOperands.keyGrowth(keyLengths));
        FavorFactors queryGrowth = factors(FavorOperands.queryGrowth(queryLengths));
        Tensor below = FavorOperands.halvesOf(forward.normaliser(), group.queries());
        FavorFactors quotient = factors(quotient(group.queries(), below));
        FavorFactors reciprocal = factors(below.reciprocal());
        FavorFactors queryFlows = emptyFlows(group.queries());
        FavorFactors keyFlows = emptyFlows(group.keys());
        for (int head = 0; head < shape.heads(); head += shape.together()) {
            keyFeatures(group, head, keyGrowth, shrinkage);
            for (Panel panel : group.queries().panels()) {
                if (head == 0) {
                    values.put(Use.GRADIENTS, given, group.queries(), panel, reciprocal, quotient);
                }
                queries(group, panel, head, queryGrowth, queryFlows);
                if (shape.endsWith(head)) {
                    takeOffLengths(group.queries(), panel, operands.query(), queryFlows, queryGradients);
                }
            }
            sumGradients.finishGradient(group, forward.highest());
            for (Panel panel : group.keys().panels()) {
                keys(group, panel, head, keyFlows);
                if (shape.endsWith(head)) {
                    takeOffLengths(group.keys(), panel, operands.key(), keyFlows, keyGradients);
                    values.take(Use.VALUE_GRADIENTS, valueGradients, group.keys(), panel, shrinkage.address(panel, 0));
                }
            }
        }
        takeOffHighest(group, keyFlows.byHead());
    }

    private FavorFactors factors(Tensor byHead) {
        return FavorFactors.of(byHead, shape);
    }

    /** Room for what flows into the exponents of each row and head; a step more rows may be written. */
    private FavorFactors emptyFlows(FavorRows rows) {
        return factors(TensorArrays.empty(ScalarType.Float, rows.rows() + FavorShape.STEP, shape.heads()));
    }

    /** What the forward pass did not keep of some heads' keys. */
    private void keyFeatures(FavorGroup group, int head, FavorFactors growth, FavorFactors shrinkage) {
        Consumer<Panel> put =
                panel -> values.put(Use.VALUES, operands.value(), group.keys(), panel, shrinkage, shrinkage);
        Consumer<Panel> first = head == 0 ? put : panel -> {};
        boolean summed = forward.kept().sums() != null;
        if (forward.kept().keys() == null) {
            features.keyFeatures(group, head, IN_GROUP, summed ? null : sums, 0, growth, null, first);
        } else {
            group.keys().panels().forEach(first);
            if (!summed) {
                features.sum(group, head, keys(group, head), sums, 0);
            }
        }
        if (!summed) {
            sums.finish(group, forward.highest());
        }
    }

    /** Where features of keys lie. */
    private Place keys(FavorGroup group, int head) {
        return features.place(forward.kept().keys(), Use.KEY_FEATURES, group.keys(), head, IN_GROUP);
    }

    /** The gradient of a normaliser, [rows, heads, 1]: N' / n is what is attended, n being {@code below}. */
    private Tensor quotient(FavorRows queries, Tensor below) {
        Tensor each = operands.byHead(gradient, queries).mul(operands.byHead(forward.out(), queries));
        Tensor sum;
        if (shape.format() == Format.BFLOAT16) {
            sum = TensorArrays.empty(ScalarType.Float, queries.rows(), shape.heads(), 1);
            programs.sums(
                    each.data_ptr().address(),
                    sum.numel(),
                    shape.headDim(),
                    sum.data_ptr().address());
        } else {
            sum = each.sum(new long[] {2}, true, new ScalarTypeOptional());
        }
        return sum.neg_().div_(below);
    }

    private void queries(FavorGroup group, Panel panel, int head, FavorFactors growth, FavorFactors flows) {
        Place place = features.place(forward.kept().queries(), Use.QUERY_FEATURES, group.queries(), head, Place.PANEL);
        if (forward.kept().queries() == null) {
            features.queryFeatures(group, panel, head, place, growth);
        }
        int summed = forward.kept().sums() == null ? 0 : head;
        int row = place.row(panel);
        for (Segment segment : panel.segments()) {
            int rows = FavorShape.roundUp(segment.rows());
            int from = segment.from() - panel.from();
            long found = buffers.address(place.use(), features.matrix(row + from));
            long flow = buffers.address(Use.FLOW, features.matrix(from));
            long gradients = buffers.address(Use.GRADIENTS, features.joint(segment.from(), head));
            features.accumulate(
                    segment, place.use(), row + from, Use.GRADIENTS, head, sumGradients.address(segment.cell(), 0));
            programs.flow(rows).run(gradients, sums.operands(group, segment.cell(), summed), flow, found);
        }
        long rowFlows = rowFlows(panel, head, flows);
        for (int done = 0; done < panel.rows(); done += FavorShape.MOST_ROWS) {
            int rows = FavorFeatures.block(panel.rows(), done);
            long mask = buffers.address(Use.MASK, features.matrix(done));
            long byRow = (long) done * shape.together();
            // What flows into a query's exponents is taken off where its highest one is.
            programs.equal(rows)
                    .run(
                            buffers.address(place.use(), features.matrix(row + done)),
                            features.highestOfQueries(place, panel) + Float.BYTES * byRow,
                            mask);
            programs.addScaled(rows)
                    .run(mask, rowFlows + Float.BYTES * byRow, buffers.address(Use.FLOW, features.matrix(done)));
        }
        back(group.queries(), panel, head, queryGradients);
    }

    /**
     * What is to be taken off for all that flows into the exponents of each row and head, the floor's left out.
     *
     * @param flows where it goes
     * @return where it lies side by side for the heads that are computed together
     */
    private long rowFlows(Panel panel, int head, FavorFactors flows) {
        features.floor(Use.FLOW, 0, panel.rows()).zero_();
        int together = shape.together();
        if (shape.format() == Format.FLOAT32) {
            Tensor sum = buffers.view(Use.ROW_FLOW, 0, new long[] {(long) panel.rows() * together}, new long[] {1});
            torch.sum_out(
                            sum,
                            features.byRowAndHead(Use.FLOW, 0, panel.rows()),
                            new long[] {1},
                            false,
                            new ScalarTypeOptional())
                    .neg_();
            flows.some(panel, head).copy_(sum.view(panel.rows(), together));
            return buffers.address(Use.ROW_FLOW, 0);
        }
        if (together == shape.heads()) {
            // Rows behind the panel's are written too, and again with the next panel.
            programs.negatedSum(FavorShape.inSteps(panel.rows()))
                    .run(buffers.address(Use.FLOW, 0), flows.address(panel, 0));
            return flows.address(panel, 0);
        }
        programs.negatedSum(FavorShape.inSteps(panel.rows()))
                .run(buffers.address(Use.FLOW, 0), buffers.address(Use.ROW_FLOW, 0));
        flows.some(panel, head)
                .copy_(buffers.view(Use.ROW_FLOW, 0, new long[] {panel.rows(), together}, new long[] {together, 1}));
        return buffers.address(Use.ROW_FLOW, 0);
    }

    private void keys(FavorGroup group, Panel panel, int head, FavorFactors flows) {
        Place place = keys(group, head);
        for (Segment segment : panel.segments()) {
            int rows = FavorShape.roundUp(segment.rows());
            long found =
                    buffers.address(place.use(), features.matrix(place.row(panel) + segment.from() - panel.from()));
            long flow = buffers.address(Use.FLOW, features.matrix(segment.from() - panel.from()));
            long sum = sumGradients.operands(group, segment.cell(), 0);
            programs.values(rows)
                    .run(found, sum, buffers.address(Use.VALUE_GRADIENTS, features.joint(segment.from(), head)));
            programs.flow(rows)
                    .run(buffers.address(Use.VALUES, features.joint(segment.from(), head)), sum, flow, found);
        }
        rowFlows(panel, head, flows);
        back(group.keys(), panel, head, keyGradients);
    }

    /** From exponents to rows: flow · s · P. */
    private void back(FavorRows rows, Panel panel, int head, FavorMatrix gradients) {
        for (int done = 0; done < panel.rows(); done += FavorShape.MOST_ROWS) {
            programs.back(FavorFeatures.block(panel.rows(), done), gradients.rowStride())
                    .run(
                            buffers.address(Use.FLOW, features.matrix(done)),
                            operands.backAddress(),
                            gradients.address(rows.firstRow() + panel.from() + done, head));
        }
    }

    /** Takes off what flows through a row's length, s² x times the flow into its exponents. */
    private void takeOffLengths(
            FavorRows rows, Panel panel, FavorMatrix operand, FavorFactors flows, FavorMatrix gradients) {
        Tensor factors =
                flows.byHead().narrow(0, panel.from(), panel.rows()).mul(new Scalar(1 / Math.sqrt(shape.headDim())));
        values.add(operand, gradients, rows, panel, factors.data_ptr().address());
    }

    /** What flows into all exponents of a cell's keys is taken off at the one highest. */
    private void takeOffHighest(FavorGroup group, Tensor keyFlows) {
        float[] each = TensorArrays.floats(keyFlows);
        double[] all = new double[group.cells()];
        int at = 0;
        for (Panel panel : group.keys().panels()) {
            for (Segment segment : panel.segments()) {
                for (int i = 0; i < segment.rows() * shape.heads(); i++) {
                    all[segment.cell()] += each[at++];
                }
            }
        }
        KeyMaxima highest = forward.highest();
        int[] places = new int[group.cells()];
        int[] ownHeads = new int[group.cells()];
        for (int cell = 0; cell < places.length; cell++) {
            int number = group.firstCell() + cell;
            places[cell] = highest.row()[number];
            ownHeads[cell] = cell * shape.heads() + highest.head()[number];
        }
        Tensor rows = TensorArrays.of(places, places.length);
        Tensor heads = TensorArrays.of(ownHeads, ownHeads.length);
        Tensor keys = torch.index_select(operands.key().tensor(), 0, rows)
                .view(places.length * (long) shape.heads(), shape.headDim());
        Tensor strongest = operands.strongest(torch.index_select(keys, 0, heads));
        Tensor off = torch.index_select(operands.directions(), 0, strongest)
                .mul(TensorArrays.of(all, all.length, 1).to(ScalarType.Float))
                .to(shape.format().type());
        Tensor wide = torch.zeros_like(keys).index_add_(0, heads, off).view(places.length, shape.inner());
        out.key().index_add_(0, rows, wide);
    }
}
