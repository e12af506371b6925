package org.celllm.app.report;

import java.util.Random;
import java.util.stream.IntStream;
import org.celllm.data.random.KeyedRandom;
import tagbio.umap.Umap;

/**
 * Lays embeddings out in two dimensions by UMAP (McInnes, Healy and Melville 2018), for looking only: distances
 * between far groups mean little.
 *
 * @param cells [shown] rows of the embedding that were laid out, ascending
 * @param x [shown]
 * @param y [shown]
 */
public record UmapProjection(int[] cells, float[] x, float[] y) {
    /** More points than this hide each other, and each doubles the size of the page. */
    public static final int MOST_CELLS = 20_000;

    /** Fewer cells have no neighbourhoods to speak of. */
    public static final int FEWEST_CELLS = 10;

    private static final int NEIGHBOURS = 15;
    private static final float MIN_DISTANCE = 0.3f;
    private static final long PURPOSE = 0x554D4150;

    /**
     * Lays cells out; more than {@link #MOST_CELLS} are sampled.
     *
     * @param embeddings [cells, dim], finite
     * @param seed decides the sample and the layout
     * @throws IllegalArgumentException for fewer than {@link #FEWEST_CELLS} cells
     */
    public static UmapProjection of(float[][] embeddings, long seed) {
        if (embeddings.length < FEWEST_CELLS) {
            throw new IllegalArgumentException("UMAP needs " + FEWEST_CELLS + " cells, not " + embeddings.length);
        }
        int[] cells = sample(embeddings.length, seed);
        float[][] chosen =
                IntStream.of(cells).mapToObj(cell -> unit(embeddings[cell])).toArray(float[][]::new);
        Umap umap = new Umap()
                .setNumberNearestNeighbours(Math.min(NEIGHBOURS, cells.length - 1))
                .setMinDist(MIN_DISTANCE)
                .setMetric("euclidean")
                .setThreads(1)
                .setRandom(new Random(KeyedRandom.key(seed, PURPOSE)));
        float[][] places = umap.fitTransform(chosen);
        float[] x = new float[cells.length];
        float[] y = new float[cells.length];
        for (int i = 0; i < cells.length; i++) {
            x[i] = rounded(places[i][0]);
            y[i] = rounded(places[i][1]);
        }
        return new UmapProjection(cells, x, y);
    }

    /** The direction of a row; a row of zeros, which has none, stays where it is. */
    private static float[] unit(float[] row) {
        double square = 0;
        for (float value : row) {
            square += (double) value * value;
        }
        float scale = square > 0 ? (float) (1 / Math.sqrt(square)) : 0;
        float[] direction = new float[row.length];
        for (int i = 0; i < row.length; i++) {
            direction[i] = row[i] * scale;
        }
        return direction;
    }

    private static int[] sample(int cells, long seed) {
        if (cells <= MOST_CELLS) {
            return IntStream.range(0, cells).toArray();
        }
        int[] order = KeyedRandom.of(seed, PURPOSE, cells).permutation(cells);
        return IntStream.of(order).limit(MOST_CELLS).sorted().toArray();
    }

    /** Three decimals are finer than a pixel and halve the page. */
    private static float rounded(float place) {
        return Math.round(place * 1000) / 1000f;
    }
}
