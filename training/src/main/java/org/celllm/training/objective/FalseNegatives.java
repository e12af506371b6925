package org.celllm.training.objective;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Set;
import org.bytedeco.pytorch.Scalar;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.global.torch;
import org.celllm.data.cells.CellBatch;
import org.celllm.data.cells.NearDuplicates;
import org.celllm.network.runtime.Native;
import org.jspecify.annotations.Nullable;

/**
 * Which different cells of a batch are no negatives of each other: those that share a group by any criterion, as a label or being
 * near-duplicates, since they are so alike that it would be wrong (false negative elimination, Huynh et al., arXiv 2011.11765); and
 * those that are set apart, as cells of different sources, which differ by more than what is to be learned.
 *
 * <p>Holds native memory until it is closed. Thread safe.
 */
public final class FalseNegatives implements AutoCloseable {
    private final int cells;
    private final Tensor[] groups;
    private final @Nullable Tensor apart;

    private FalseNegatives(int cells, Tensor[] groups, @Nullable Tensor apart) {
        this.cells = cells;
        this.groups = groups;
        this.apart = apart;
    }

    /**
     * @param criteria at least one, each [B] the group of every cell, or a negative number for a cell that is like no other
     */
    public static FalseNegatives of(int[]... criteria) {
        return of(criteria[0].length, null, criteria);
    }

    /**
     * @param cells of the batch
     * @param apart [B] the set of every cell, pairs of different ones of which do not count; {@code null} where all do
     * @param criteria as above, or none
     */
    static FalseNegatives of(int cells, int @Nullable [] apart, int[]... criteria) {
        Tensor[] groups = new Tensor[criteria.length];
        for (int k = 0; k < criteria.length; k++) {
            int[] own = criteria[k].clone();
            for (int i = 0; i < own.length; i++) {
                // A number of its own, so that equal numbers are all there is to ask for.
                own[i] = own[i] < 0 ? -1 - i : own[i];
            }
            groups[k] = Native.keep(Native.scoped(() -> torch.tensor(own)));
        }
        Tensor sets = apart == null ? null : Native.keep(Native.scoped(() -> torch.tensor(apart)));
        return new FalseNegatives(cells, groups, sets);
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
        List<int[]> criteria = new ArrayList<>();
        if (exclude.contains(Contrast.Exclusion.LABEL)) {
            criteria.add(Arrays.stream(batch.label())
                    .map(label -> label == 0 ? -1 : label)
                    .toArray());
        }
        if (exclude.contains(Contrast.Exclusion.DUPLICATES)) {
            criteria.add(NearDuplicates.groups(batch));
        }
        int[] apart = exclude.contains(Contrast.Exclusion.SOURCES) ? batch.source() : null;
        return of(batch.cells(), apart, criteria.toArray(int[][]::new));
    }

    /** Cells of the batch. */
    int cells() {
        return cells;
    }

    /** [rows, columns] whether the pairs of a tile do not count; a cell's own pair always counts. */
    Tensor tile(int row, int rows, int column, int columns) {
        Tensor without = apart == null
                ? alike(groups[0], row, rows, column, columns)
                : alike(apart, row, rows, column, columns).logical_not_();
        for (int k = apart == null ? 1 : 0; k < groups.length; k++) {
            without.logical_or_(alike(groups[k], row, rows, column, columns));
        }
        int shift = row - column;
        if (shift < columns && -shift < rows) {
            without.diagonal(shift, 0, 1).fill_(new Scalar(0));
        }
        return without;
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
        if (apart != null) {
            apart.close();
        }
    }
}
