package org.celllm.training.objective;

import java.util.Arrays;
import java.util.Set;
import org.bytedeco.pytorch.Scalar;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.global.torch;
import org.celllm.data.cells.CellBatch;
import org.celllm.data.cells.NearDuplicates;
import org.celllm.network.runtime.Native;
import org.jspecify.annotations.Nullable;

/**
 * Which different cells of a batch are so alike that calling one a negative of the other would be wrong: those that share
 * a group by any criterion, as a label or being near-duplicates. The idea of leaving such pairs out is that of false
 * negative elimination (Huynh et al., arXiv 2011.11765).
 *
 * <p>Holds native memory until it is closed. Thread safe.
 */
public final class FalseNegatives implements AutoCloseable {
    private final int cells;
    private final Tensor[] groups;

    private FalseNegatives(int cells, Tensor[] groups) {
        this.cells = cells;
        this.groups = groups;
    }

    /**
     * @param criteria at least one, each [B] the group of every cell, or a negative number for a cell that is like no other
     */
    public static FalseNegatives of(int[]... criteria) {
        Tensor[] groups = new Tensor[criteria.length];
        for (int k = 0; k < criteria.length; k++) {
            int[] own = criteria[k].clone();
            for (int i = 0; i < own.length; i++) {
                // A number of its own, so that equal numbers are all there is to ask for.
                own[i] = own[i] < 0 ? -1 - i : own[i];
            }
            groups[k] = Native.keep(Native.scoped(() -> torch.tensor(own)));
        }
        return new FalseNegatives(criteria[0].length, groups);
    }

    /**
     * Those of a batch.
     *
     * @param exclude by which criteria
     * @return {@code null} when there is no criterion
     */
    public static @Nullable FalseNegatives of(CellBatch batch, Set<Contrast.Exclusion> exclude) {
        if (exclude.isEmpty()) {
            return null;
        }
        return of(exclude.stream()
                .map(why -> switch (why) {
                    case LABEL ->
                        Arrays.stream(batch.label())
                                .map(label -> label == 0 ? -1 : label)
                                .toArray();
                    case DUPLICATES -> NearDuplicates.groups(batch);
                })
                .toArray(int[][]::new));
    }

    /** Cells of the batch. */
    int cells() {
        return cells;
    }

    /** [rows, columns] whether the pairs of a tile do not count; a cell's own pair always counts. */
    Tensor tile(int row, int rows, int column, int columns) {
        Tensor alike = alike(groups[0], row, rows, column, columns);
        for (int k = 1; k < groups.length; k++) {
            alike.logical_or_(alike(groups[k], row, rows, column, columns));
        }
        int shift = row - column;
        if (shift < columns && -shift < rows) {
            alike.diagonal(shift, 0, 1).fill_(new Scalar(0));
        }
        return alike;
    }

    private static Tensor alike(Tensor group, int row, int rows, int column, int columns) {
        return group.narrow(0, row, rows)
                .unsqueeze(1)
                .eq(group.narrow(0, column, columns).unsqueeze(0));
    }

    @Override
    public void close() {
        for (Tensor group : groups) {
            group.close();
        }
    }
}
