package org.celllm.tasks.response;

import java.util.Arrays;

/** The mean response of each line or drug over training pairs, that of all where it has none. */
final class GroupMeans {
    private GroupMeans() {}

    /** The mean over all of the pairs. */
    static double overall(DrugResponses responses, int[] pairs) {
        return of(responses, pairs, new int[responses.pairs()], 1)[0];
    }

    /**
     * The mean of each group.
     *
     * @param group [all pairs] which one a pair belongs to
     * @return [groups]
     */
    static double[] of(DrugResponses responses, int[] pairs, int[] group, int groups) {
        double[] sum = new double[groups];
        int[] count = new int[groups];
        for (int pair : pairs) {
            sum[group[pair]] += responses.lnIc50()[pair];
            count[group[pair]]++;
        }
        double all = Arrays.stream(sum).sum() / pairs.length;
        for (int i = 0; i < groups; i++) {
            sum[i] = count[i] == 0 ? all : sum[i] / count[i];
        }
        return sum;
    }
}
