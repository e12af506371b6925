package org.celllm.tasks.isotropy;

import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Rows brought to length one. A row of zeros has no direction and is left out. */
final class Directions {
    private Directions() {}

    /**
     * The directions of rows.
     *
     * @param rows [cells][dim]
     * @return [at most cells][dim], each of length one
     * @throws IllegalArgumentException when a number is not finite
     */
    static float[][] of(float[][] rows) {
        List<float[]> directions = new ArrayList<>(rows.length);
        for (float[] row : rows) {
            float[] direction = unit(row);
            if (direction != null) {
                directions.add(direction);
            }
        }
        return directions.toArray(float[][]::new);
    }

    /** The direction of a row, {@code null} for zeros. */
    static float @Nullable [] unit(float[] row) {
        double square = 0;
        for (float value : row) {
            square += (double) value * value;
        }
        if (!Double.isFinite(square)) {
            throw new IllegalArgumentException("a vector of a cell is not finite");
        }
        if (square == 0) {
            return null;
        }
        double scale = 1 / Math.sqrt(square);
        float[] direction = new float[row.length];
        for (int i = 0; i < row.length; i++) {
            direction[i] = (float) (row[i] * scale);
        }
        return direction;
    }

    /** Rows end to end. */
    static float[] flat(float[][] rows, int from, int to) {
        int columns = rows[from].length;
        float[] values = new float[Math.multiplyExact(to - from, columns)];
        for (int row = from; row < to; row++) {
            System.arraycopy(rows[row], 0, values, (row - from) * columns, columns);
        }
        return values;
    }
}
