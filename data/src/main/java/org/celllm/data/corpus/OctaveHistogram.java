package org.celllm.data.corpus;

/**
 * How numbers are spread, in memory that does not depend on how many there are: every octave [2^k, 2^(k+1)) has
 * {@value #BINS} bins of one width, so whole numbers below {@code 2 * BINS} have bins of their own and larger numbers
 * share one with what differs by less than 1/{@value #BINS}. Two kilobytes an octave that has any.
 *
 * <p>What it says does not depend on the order in which numbers or histograms are added. Not thread safe.
 */
public final class OctaveHistogram {
    private static final int BINS = 256;
    private static final int LOWEST = -20;
    private static final int HIGHEST = 62;
    /** The sum is kept in whole parts of this size, since floats would add up differently in another order. */
    private static final double PARTS = 1024;

    private final long[][] octaves = new long[HIGHEST - LOWEST + 1][];
    /** Numbers below every octave, zero and what is negative among them. */
    private long below;

    private long count;
    private long parts;
    private double least = Double.POSITIVE_INFINITY;
    private double most = Double.NEGATIVE_INFINITY;

    /**
     * Adds a number.
     *
     * @throws IllegalArgumentException when it is not finite
     */
    public void add(double number) {
        if (!Double.isFinite(number)) {
            throw new IllegalArgumentException("a histogram has no place for " + number);
        }
        int octave = Math.min(Math.getExponent(number), HIGHEST);
        if (number < 0 || octave < LOWEST) {
            below++;
        } else {
            int bin = (int) Math.min(BINS - 1, (number / Math.scalb(1.0, octave) - 1) * BINS);
            bins(octave)[bin]++;
        }
        count++;
        parts += Math.round(number * PARTS);
        least = Math.min(least, number);
        most = Math.max(most, number);
    }

    /** Adds all that another holds. */
    public void add(OctaveHistogram other) {
        for (int octave = LOWEST; octave <= HIGHEST; octave++) {
            long[] from = other.octaves[octave - LOWEST];
            if (from != null) {
                long[] to = bins(octave);
                for (int bin = 0; bin < BINS; bin++) {
                    to[bin] += from[bin];
                }
            }
        }
        below += other.below;
        count += other.count;
        parts += other.parts;
        least = Math.min(least, other.least);
        most = Math.max(most, other.most);
    }

    /** How many numbers were added. */
    public long count() {
        return count;
    }

    /** Their mean, each to 1/1024; NaN when there are none. */
    public double mean() {
        return count == 0 ? Double.NaN : parts / PARTS / count;
    }

    /** The least; NaN when there are none. */
    public double least() {
        return count == 0 ? Double.NaN : least;
    }

    /** The largest; NaN when there are none. */
    public double most() {
        return count == 0 ? Double.NaN : most;
    }

    /**
     * The number that stands at a share of all of them in ascending order: exact for whole numbers below 512, else to
     * 1/512 of it.
     *
     * @param share from 0 to 1
     * @return NaN when there are none
     */
    public double quantile(double share) {
        if (count == 0) {
            return Double.NaN;
        }
        long rank = Math.max(1, (long) Math.ceil(share * count));
        long seen = below;
        if (rank <= seen) {
            return least;
        }
        for (int octave = LOWEST; octave <= HIGHEST; octave++) {
            long[] bins = octaves[octave - LOWEST];
            for (int bin = 0; bins != null && bin < BINS; bin++) {
                seen += bins[bin];
                if (seen >= rank) {
                    double width = Math.scalb(1.0, octave) / BINS;
                    double middle = edge(octave, bin) + (width > 1 ? width / 2 : 0);
                    return Math.max(least, Math.min(most, middle));
                }
            }
        }
        return most;
    }

    /** How many numbers lie from {@code from} to below {@code to}, by the lower edges of their bins. */
    public long between(double from, double to) {
        long found = from <= 0 && to > 0 ? below : 0;
        for (int octave = LOWEST; octave <= HIGHEST; octave++) {
            long[] bins = octaves[octave - LOWEST];
            if (bins == null || edge(octave, BINS) <= from || edge(octave, 0) >= to) {
                continue;
            }
            for (int bin = 0; bin < BINS; bin++) {
                double edge = edge(octave, bin);
                found += edge >= from && edge < to ? bins[bin] : 0;
            }
        }
        return found;
    }

    private static double edge(int octave, int bin) {
        return Math.scalb(1 + (double) bin / BINS, octave);
    }

    private long[] bins(int octave) {
        long[] bins = octaves[octave - LOWEST];
        if (bins == null) {
            bins = new long[BINS];
            octaves[octave - LOWEST] = bins;
        }
        return bins;
    }
}
