package org.celllm.tasks.annotate;

import java.util.List;
import org.celllm.tasks.baselines.LogisticRegression;

/**
 * A fitted head: the weighted sum of its members' log-probabilities, normalised. The weights are not bound to sum to
 * one, so they calibrate too: a sum below one cools over-confident members down, which is what a temperature does.
 *
 * @param members at least one
 * @param classes how many
 */
public record AnnotationHead(List<Member> members, int classes) {
    /**
     * One member of a head.
     *
     * @param kind what it reads
     * @param strength the inverse penalty it was fitted with
     * @param weight how much its log-probabilities count, not negative
     * @param regression the classifier
     */
    public record Member(HeadMember kind, double strength, double weight, LogisticRegression regression) {
        public Member {
            if (!(weight >= 0)) {
                throw new IllegalArgumentException("a member's weight is " + weight);
            }
        }
    }

    public AnnotationHead {
        members = List.copyOf(members);
        if (members.stream().noneMatch(member -> member.weight() > 0)) {
            throw new IllegalArgumentException("a head needs a member that counts");
        }
    }

    /**
     * Logarithms of calibrated probabilities; −∞ for a class without training cells.
     *
     * @return [cells][classes]
     */
    public double[][] logProbabilities(HeadFeatures features) {
        double[][] sum = new double[features.rows()][classes];
        for (Member member : members) {
            if (member.weight() > 0) {
                double[][] logs = member.regression().logProbabilities(features.of(member.kind()));
                for (int i = 0; i < sum.length; i++) {
                    for (int c = 0; c < classes; c++) {
                        sum[i][c] += member.weight() * logs[i][c];
                    }
                }
            }
        }
        for (double[] logs : sum) {
            LogisticRegression.normalise(logs);
        }
        return sum;
    }
}
