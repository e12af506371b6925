package org.celllm.tasks.baselines;

import java.util.ArrayDeque;
import java.util.Iterator;

/**
 * Minimises a smooth function by limited-memory BFGS with a backtracking and expanding line search that keeps the
 * weak Wolfe conditions (Liu and Nocedal 1989; Lewis and Overton 2013).
 */
final class Lbfgs {
    private static final int MEMORY = 10;
    private static final double DECREASE = 1e-4;
    private static final double CURVATURE = 0.9;
    private static final int MOST_TRIALS = 30;

    private Lbfgs() {}

    /** A function and its gradient. */
    @FunctionalInterface
    interface Objective {
        /**
         * @param at where
         * @param gradient filled with the gradient there
         * @return the value there
         */
        double valueAndGradient(double[] at, double[] gradient);
    }

    private record Pair(double[] step, double[] change, double curvature) {}

    /**
     * Minimises from {@code start}.
     *
     * @param iterations at most
     * @param tolerance stops when the largest component of the gradient is below this times its largest at the origin,
     *     so that a good start is not asked for more than a bad one
     * @return where it ended
     */
    static double[] minimise(double[] start, Objective objective, int iterations, double tolerance) {
        int n = start.length;
        double[] x = start.clone();
        double[] gradient = new double[n];
        objective.valueAndGradient(new double[n], gradient);
        double enough = tolerance * Math.max(largest(gradient), 1e-12);
        double value = objective.valueAndGradient(x, gradient);
        ArrayDeque<Pair> memory = new ArrayDeque<>();
        double[] trial = new double[n];
        double[] trialGradient = new double[n];
        for (int iteration = 0; iteration < iterations && largest(gradient) > enough; iteration++) {
            double[] direction = direction(gradient, memory);
            double slope = dot(direction, gradient);
            if (!(slope < 0)) {
                memory.clear();
                direction = direction(gradient, memory);
                slope = dot(direction, gradient);
            }
            double length = memory.isEmpty() ? Math.min(1, 1 / Math.sqrt(-slope)) : 1;
            double low = 0;
            double high = Double.POSITIVE_INFINITY;
            double trialValue = Double.NaN;
            boolean decreased = false;
            for (int attempt = 0; attempt < MOST_TRIALS; attempt++) {
                for (int i = 0; i < n; i++) {
                    trial[i] = x[i] + length * direction[i];
                }
                trialValue = objective.valueAndGradient(trial, trialGradient);
                decreased = trialValue <= value + DECREASE * length * slope;
                if (!decreased) {
                    high = length;
                } else if (dot(trialGradient, direction) < CURVATURE * slope) {
                    low = length;
                } else {
                    break;
                }
                length = Double.isInfinite(high) ? 2 * low : (low + high) / 2;
            }
            if (!decreased) {
                return x;
            }
            double[] step = new double[n];
            double[] change = new double[n];
            for (int i = 0; i < n; i++) {
                step[i] = trial[i] - x[i];
                change[i] = trialGradient[i] - gradient[i];
            }
            double curvature = dot(step, change);
            if (curvature > 0) {
                if (memory.size() == MEMORY) {
                    memory.removeFirst();
                }
                memory.addLast(new Pair(step, change, curvature));
            }
            System.arraycopy(trial, 0, x, 0, n);
            System.arraycopy(trialGradient, 0, gradient, 0, n);
            value = trialValue;
        }
        return x;
    }

    private static double[] direction(double[] gradient, ArrayDeque<Pair> memory) {
        double[] q = gradient.clone();
        double[] alphas = new double[memory.size()];
        int place = memory.size();
        for (Iterator<Pair> newest = memory.descendingIterator(); newest.hasNext(); ) {
            Pair pair = newest.next();
            alphas[--place] = dot(pair.step, q) / pair.curvature;
            add(q, -alphas[place], pair.change);
        }
        double scale = 1;
        if (!memory.isEmpty()) {
            Pair last = memory.getLast();
            scale = last.curvature / dot(last.change, last.change);
        }
        for (int i = 0; i < q.length; i++) {
            q[i] *= scale;
        }
        for (Pair pair : memory) {
            double beta = dot(pair.change, q) / pair.curvature;
            add(q, alphas[place++] - beta, pair.step);
        }
        for (int i = 0; i < q.length; i++) {
            q[i] = -q[i];
        }
        return q;
    }

    private static void add(double[] to, double factor, double[] what) {
        for (int i = 0; i < to.length; i++) {
            to[i] += factor * what[i];
        }
    }

    private static double dot(double[] a, double[] b) {
        double sum = 0;
        for (int i = 0; i < a.length; i++) {
            sum += a[i] * b[i];
        }
        return sum;
    }

    private static double largest(double[] values) {
        double largest = 0;
        for (double value : values) {
            largest = Math.max(largest, Math.abs(value));
        }
        return largest;
    }
}
