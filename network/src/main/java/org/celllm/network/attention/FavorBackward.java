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

    FavorBackward(
            FusedFavor favor, FavorOperands operands, List<FavorGroup> groups, FavorPass forward, Tensor gradient) {
        this.shape = favor.shape;
        this.programs = favor.programs;
        this.buffers = favor.buffers;
        this.operands = operands;
        this.values = new FavorValues(favor, operands);
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
        Tensor shrinkage = operands.keyShrinkage(keyLengths);
        Tensor keyGrowth = FavorOperands.keyGrowth(keyLengths);
        Tensor queryGrowth = FavorOperands.queryGrowth(queryLengths);
        Tensor below = FavorOperands.halvesOf(forward.normaliser(), group.queries());
        Tensor quotient = quotient(group.queries(), below);
        Tensor reciprocal = below.reciprocal();
        Tensor queryFlows = TensorArrays.empty(ScalarType.Float, group.queries().rows(), shape.heads());
        Tensor keyFlows = TensorArrays.empty(ScalarType.Float, group.keys().rows(), shape.heads());
        for (int head = 0; head < shape.heads(); head += shape.together()) {
            keyFeatures(group, head, keyGrowth, shrinkage);
            for (Panel panel : group.queries().panels()) {
                if (head == 0) {
                    values.put(Use.GRADIENTS, gradient, group.queries(), panel, reciprocal, quotient);
                }
                queries(group, panel, head, queryGrowth, queryFlows);
                if (shape.endsWith(head)) {
                    takeOffLengths(group.queries(), panel, operands.query(), queryFlows, out.query());
                }
            }
            sumGradients.finishGradient(group, forward.highest());
            for (Panel panel : group.keys().panels()) {
                keys(group, panel, head, keyFlows);
                if (shape.endsWith(head)) {
                    takeOffLengths(group.keys(), panel, operands.key(), keyFlows, out.key());
                    values.take(
                            Use.VALUE_GRADIENTS, out.value(), group.keys(), panel, values.eachHead(shrinkage, panel));
                }
            }
        }
        takeOffHighest(group, keyFlows);
    }

    /** What the forward pass did not keep of some heads' keys. */
    private void keyFeatures(FavorGroup group, int head, Tensor growth, Tensor shrinkage) {
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

    private void queries(FavorGroup group, Panel panel, int head, Tensor growth, Tensor queryFlows) {
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
            long given = buffers.address(Use.GRADIENTS, features.joint(segment.from(), head));
            features.accumulate(
                    segment, place.use(), row + from, Use.GRADIENTS, head, sumGradients.address(segment.cell(), 0));
            programs.flow(rows).run(given, sums.operands(group, segment.cell(), summed), flow, found);
        }
        rowFlows(panel, head, queryFlows);
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
                    .run(mask, buffers.address(Use.ROW_FLOW, byRow), buffers.address(Use.FLOW, features.matrix(done)));
        }
        back(group.queries(), panel, head, out.query());
    }

    /** What is to be taken off for all that flows into the exponents of each row and head, the floor's left out, into [rows, heads]. */
    private void rowFlows(Panel panel, int head, Tensor flows) {
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
            features.ofHeads(flows, panel, head).copy_(sum.view(panel.rows(), together));
            return;
        }
        programs.negatedSum(FavorShape.inSteps(panel.rows()))
                .run(buffers.address(Use.FLOW, 0), buffers.address(Use.ROW_FLOW, 0));
        features.ofHeads(flows, panel, head)
                .copy_(buffers.view(Use.ROW_FLOW, 0, new long[] {panel.rows(), together}, new long[] {together, 1}));
    }

    private void keys(FavorGroup group, Panel panel, int head, Tensor keyFlows) {
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
        rowFlows(panel, head, keyFlows);
        back(group.keys(), panel, head, out.key());
    }

    /** From exponents to rows: flow · s · P. */
    private void back(FavorRows rows, Panel panel, int head, Tensor gradients) {
        int stride = (int) gradients.stride(0);
        for (int done = 0; done < panel.rows(); done += FavorShape.MOST_ROWS) {
            programs.back(FavorFeatures.block(panel.rows(), done), stride)
                    .run(
                            buffers.address(Use.FLOW, features.matrix(done)),
                            operands.backAddress(),
                            operands.address(gradients, rows.firstRow() + panel.from() + done, head));
        }
    }

    /** Takes off what flows through a row's length, s² x times the flow into its exponents. */
    private void takeOffLengths(FavorRows rows, Panel panel, Tensor operand, Tensor flows, Tensor gradients) {
        Tensor factors = flows.narrow(0, panel.from(), panel.rows()).mul(new Scalar(1 / Math.sqrt(shape.headDim())));
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
        Tensor keys =
                torch.index_select(operands.key(), 0, rows).view(places.length * (long) shape.heads(), shape.headDim());
        Tensor strongest = operands.strongest(torch.index_select(keys, 0, heads));
        Tensor off = torch.index_select(operands.directions(), 0, strongest)
                .mul(TensorArrays.of(all, all.length, 1).to(ScalarType.Float))
                .to(shape.format().type());
        Tensor wide = torch.zeros_like(keys).index_add_(0, heads, off).view(places.length, shape.inner());
        out.key().index_add_(0, rows, wide);
    }
}
