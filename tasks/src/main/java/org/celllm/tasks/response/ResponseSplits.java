package org.celllm.tasks.response;

import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;
import org.celllm.data.random.KeyedRandom;

/**
 * Divides pairs 80 : 10 : 10 into training, validation and test: pairs at random, whole lines, whole drugs, or both, in
 * which case a pair counts where line and drug fall into the same part. A pure function of names and a seed.
 */
public final class ResponseSplits {
    private static final int TRAIN = 0;
    private static final int VALIDATION = 1;
    private static final int TEST = 2;
    private static final double SHARE = 0.1;
    private static final long PURPOSE = 0xD25;

    private ResponseSplits() {}

    /** One split for each of the seeds {@code 0 … seeds − 1}. */
    public static List<ResponseSplit> of(DrugResponses responses, SplitKind kind, int seeds) {
        if (seeds < 1) {
            throw new IllegalArgumentException(seeds + " seeds");
        }
        List<ResponseSplit> splits = new ArrayList<>();
        for (int seed = 0; seed < seeds; seed++) {
            splits.add(split(responses, kind, seed));
        }
        return splits;
    }

    /**
     * A split.
     *
     * @throws IllegalArgumentException when there are too few lines, drugs or pairs for three parts
     */
    public static ResponseSplit split(DrugResponses responses, SplitKind kind, long seed) {
        int[] part = switch (kind) {
            case RANDOM -> parts(responses.pairs(), kind, seed, 0);
            case LINES -> of(responses.line(), parts(responses.lines().size(), kind, seed, 1));
            case DRUGS -> of(responses.drug(), parts(responses.drugs().size(), kind, seed, 2));
            case BOTH ->
                same(
                        of(responses.line(), parts(responses.lines().size(), kind, seed, 1)),
                        of(responses.drug(), parts(responses.drugs().size(), kind, seed, 2)));
        };
        return new ResponseSplit("seed " + seed, kind, pairs(part, TRAIN), pairs(part, VALIDATION), pairs(part, TEST));
    }

    /** The part of each of n things. */
    private static int[] parts(int n, SplitKind kind, long seed, long what) {
        int[] order =
                KeyedRandom.of(seed, PURPOSE, kind.word().hashCode(), what).permutation(n);
        int held = (int) Math.max(1, Math.round(SHARE * n));
        int[] part = new int[n];
        for (int i = 0; i < n; i++) {
            part[order[i]] = i < held ? TEST : i < 2 * held ? VALIDATION : TRAIN;
        }
        return part;
    }

    private static int[] of(int[] unit, int[] partOfUnit) {
        int[] part = new int[unit.length];
        for (int i = 0; i < part.length; i++) {
            part[i] = partOfUnit[unit[i]];
        }
        return part;
    }

    private static int[] same(int[] left, int[] right) {
        int[] part = new int[left.length];
        for (int i = 0; i < part.length; i++) {
            part[i] = left[i] == right[i] ? left[i] : -1;
        }
        return part;
    }

    private static int[] pairs(int[] part, int wanted) {
        return IntStream.range(0, part.length).filter(i -> part[i] == wanted).toArray();
    }
}
