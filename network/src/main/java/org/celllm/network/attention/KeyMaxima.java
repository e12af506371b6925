package org.celllm.network.attention;

import java.util.Arrays;
import org.celllm.network.attention.FavorRows.Panel;
import org.celllm.network.attention.FavorRows.Segment;

/**
 * The highest feature of the keys of each cell, and whose it is: row and head.
 *
 * @param value [cells] the highest
 * @param row [cells] of the layout
 * @param head [cells]
 */
public record KeyMaxima(float[] value, int[] row, int[] head) {
    /** Of cells whose keys are still to come. */
    KeyMaxima(int cells) {
        this(new float[cells], new int[cells], new int[cells]);
        Arrays.fill(value, -1);
    }

    /**
     * Takes the highest features of some heads' keys.
     *
     * @param highest [rows of the panel · heads] one a row and head
     * @param firstHead the first of the heads
     * @param heads how many
     */
    void take(float[] highest, FavorGroup group, Panel panel, int firstHead, int heads) {
        for (Segment segment : panel.segments()) {
            int cell = group.firstCell() + segment.cell();
            int from = (segment.from() - panel.from()) * heads;
            for (int i = from; i < from + segment.rows() * heads; i++) {
                if (highest[i] > value[cell]) {
                    value[cell] = highest[i];
                    row[cell] = group.keys().firstRow() + panel.from() + i / heads;
                    head[cell] = firstHead + i % heads;
                }
            }
        }
    }
}
