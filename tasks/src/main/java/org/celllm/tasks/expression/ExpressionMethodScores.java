package org.celllm.tasks.expression;

import org.celllm.tasks.metrics.Interval;

/**
 * What a way of guessing came to.
 *
 * @param method its name
 * @param right [seeds] share of hidden genes whose bin was guessed
 * @param loss [seeds] mean of −log probability of the true bin, in nats
 */
public record ExpressionMethodScores(String method, double[] right, double[] loss) {
    /** The share guessed. */
    public Interval rightInterval() {
        return Interval.of(right);
    }

    /** The loss. */
    public Interval lossInterval() {
        return Interval.of(loss);
    }

    /** How far this is behind another in the share guessed, over the same hidden genes. */
    public Interval behind(ExpressionMethodScores other) {
        return Interval.ofDifference(other.right, right);
    }
}
