package org.celllm.network.attention;

import java.util.List;
import java.util.function.Consumer;
import org.bytedeco.pytorch.Tensor;
import org.celllm.network.attention.FavorBuffers.Use;
import org.celllm.network.attention.FavorFeatures.Place;
import org.celllm.network.attention.FavorRows.Panel;
import org.celllm.network.attention.FavorRows.Segment;
import org.celllm.network.runtime.Native;
import org.celllm.network.runtime.TensorArrays;

/** The forward pass of {@link FusedFavor}, group by group. */
final class FavorForward {
    private final FavorShape shape;
    private final FavorPrograms programs;
    private final FavorBuffers buffers;
    private final FavorOperands operands;
    private final FavorFeatures features;
    private final FavorSums sums;
    private final FavorKept kept;
    private final FavorValues values;
    private final KeyMaxima maxima;
    private final SlowGroups slow;
    private final int cells;
    private final FavorMatrix out;
    private final Tensor normaliser;
    private final Tensor queryHalves;
    private final Tensor keyHalves;

    /**
     * @param out [queries, heads · headDim] to write
     * @param kept room for what the way back reads
     */
    FavorForward(
            FusedFavor favor, FavorOperands operands, List<FavorGroup> groups, int cells, Tensor out, FavorKept kept) {
        this.shape = favor.shape;
        this.programs = favor.programs;
        this.buffers = favor.buffers;
        this.operands = operands;
        this.slow = new SlowGroups(shape, operands);
        this.cells = cells;
        this.features = new FavorFeatures(favor, operands, groups);
        this.kept = kept;
        this.sums = new FavorSums(favor, groups, Use.SUMS, Use.SUM_OPERANDS, shape.heads(), kept.sums());
        this.values = new FavorValues(favor);
        this.maxima = new KeyMaxima(cells);
        this.out = FavorMatrix.of(out, shape);
        this.normaliser = operands.emptyByQuery();
        this.queryHalves = operands.emptyByQuery();
        this.keyHalves = operands.emptyByKey();
        buffers.reserve(Use.JOINT, features.joint(FavorGroup.mostQueries(groups) + FavorOperands.SLACK, 0));
    }

    /** Attends within the cells of a group. */
    void attend(FavorGroup group) {
        Tensor lengths = operands.halves(operands.query(), group.queries(), queryHalves);
        Tensor keyLengths = operands.halves(operands.key(), group.keys(), keyHalves);
        if (!FusedFavor.fits(lengths) || !FusedFavor.fits(keyLengths)) {
            slow.attend(group, out.tensor());
            return;
        }
        sum(group, keyLengths);
        FavorFactors growth = FavorFactors.of(FavorOperands.queryGrowth(lengths), shape);
        for (int head = 0; head < shape.heads(); head += shape.together()) {
            for (Panel panel : group.queries().panels()) {
                queries(group, panel, head, growth);
            }
        }
    }

    /** S' of all cells: see {@link FusedFavor#sums}. */
    Tensor sums(List<FavorGroup> groups) {
        int count = shape.features() + 1;
        int joint = shape.headDim() + 1;
        Tensor all = TensorArrays.empty(shape.format().type(), cells, shape.heads(), count, joint);
        for (FavorGroup group : groups) {
            Native.run(() -> {
                Tensor lengths = operands.halves(operands.key(), group.keys(), keyHalves);
                if (!FusedFavor.fits(lengths)) {
                    all.narrow(0, group.firstCell(), group.cells()).copy_(slow.sums(group));
                    return;
                }
                sum(group, lengths);
                all.narrow(0, group.firstCell(), group.cells())
                        .copy_(sums.ofGroup(group)
                                .narrow(2, 0, joint)
                                .narrow(3, 0, count)
                                .transpose(2, 3));
            });
        }
        return all.view((long) cells * shape.heads(), count, joint);
    }

    FavorPass result() {
        return new FavorPass(out.tensor(), normaliser, queryHalves, keyHalves, maxima, kept);
    }

    private void sum(FavorGroup group, Tensor lengths) {
        FavorFactors shrinkage = FavorFactors.of(operands.keyShrinkage(lengths), shape);
        FavorFactors growth = FavorFactors.of(FavorOperands.keyGrowth(lengths), shape);
        Consumer<Panel> put =
                panel -> values.put(Use.VALUES, operands.value(), group.keys(), panel, shrinkage, shrinkage);
        for (int head = 0; head < shape.heads(); head += shape.together()) {
            Place place = features.place(kept.keys(), Use.KEY_FEATURES, group.keys(), head, Place.PANEL);
            features.keyFeatures(group, head, place, sums, head, growth, maxima, head == 0 ? put : panel -> {});
        }
        sums.finish(group, maxima);
    }

    private void queries(FavorGroup group, Panel panel, int head, FavorFactors growth) {
        Place place = features.place(kept.queries(), Use.QUERY_FEATURES, group.queries(), head, Place.PANEL);
        features.queryFeatures(group, panel, head, place, growth);
        for (Segment segment : panel.segments()) {
            programs.joint(FavorShape.roundUp(segment.rows()))
                    .run(
                            buffers.address(
                                    place.use(), features.matrix(place.row(panel) + segment.from() - panel.from())),
                            sums.operands(group, segment.cell(), head),
                            buffers.address(Use.JOINT, features.joint(segment.from(), head)));
        }
        if (shape.endsWith(head)) {
            divide(group.queries(), panel);
        }
    }

    private void divide(FavorRows queries, Panel panel) {
        Tensor below = normaliser.narrow(0, (long) queries.firstRow() + panel.from(), panel.rows());
        values.takeBeside(Use.JOINT, panel, below.data_ptr().address());
        values.take(
                Use.JOINT, out, queries, panel, below.reciprocal().data_ptr().address());
    }
}
