package org.celllm.tasks.evaluate;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.TreeSet;
import java.util.function.IntPredicate;
import java.util.stream.IntStream;
import org.celllm.data.random.KeyedRandom;
import org.jspecify.annotations.Nullable;

/** Ways to divide labelled cells, each a pure function of the labels and a seed. Cells with code −1 are left out. */
public final class Splits {
    private static final long FOLDS = 0xF01D;
    private static final long HOLD_OUT = 0x401D;
    private static final long FEW = 0xFE3;

    private Splits() {}

    /**
     * Stratified folds: every class is spread as evenly as can be.
     *
     * @param codes [cells] classes, −1 for none
     * @param classes how many there are
     * @param folds at least 2
     */
    public static List<Split> folds(int[] codes, int classes, int folds, long seed) {
        if (folds < 2) {
            throw new IllegalArgumentException(folds + (folds == 1 ? " fold" : " folds") + "; 2 at least are needed");
        }
        int[] foldOf = new int[codes.length];
        Arrays.fill(foldOf, -1);
        int next = 0;
        for (int[] cells : shuffledByClass(codes, classes, seed, FOLDS)) {
            // Going on where the last class stopped keeps the folds equally large.
            for (int cell : cells) {
                foldOf[cell] = next++ % folds;
            }
        }
        List<Split> splits = new ArrayList<>();
        for (int fold = 0; fold < folds; fold++) {
            int test = fold;
            splits.add(new Split(
                    "seed " + seed + ", fold " + fold,
                    cells(codes, cell -> foldOf[cell] >= 0 && foldOf[cell] != test),
                    cells(codes, cell -> foldOf[cell] == test)));
        }
        return splits;
    }

    /**
     * A stratified share of every class held out, at least one cell of each class that has two.
     *
     * @param share of the cells to test on, between 0 and 1
     */
    public static Split holdOut(int[] codes, int classes, double share, long seed) {
        boolean[] test = new boolean[codes.length];
        for (int[] cells : shuffledByClass(codes, classes, seed, HOLD_OUT)) {
            int held = cells.length < 2
                    ? 0
                    : (int) Math.max(1, Math.min(cells.length - 1, Math.round(share * cells.length)));
            for (int i = 0; i < held; i++) {
                test[cells[i]] = true;
            }
        }
        return new Split(
                "seed " + seed + ", " + Math.round(100 * share) + "% held out",
                cells(codes, cell -> codes[cell] >= 0 && !test[cell]),
                cells(codes, cell -> test[cell]));
    }

    /**
     * So many labelled cells of every class (one fewer than it has where it has no more); all others are tested on.
     *
     * @param perClass labelled cells a class
     * @param draw number of the draw
     */
    public static Split fewShot(int[] codes, int classes, int perClass, long seed, long draw) {
        boolean[] train = new boolean[codes.length];
        for (int[] cells : shuffledByClass(codes, classes, KeyedRandom.key(seed, draw), FEW)) {
            for (int i = 0; i < Math.min(perClass, cells.length - 1); i++) {
                train[cells[i]] = true;
            }
        }
        return new Split(
                "seed " + seed + ", draw " + draw + ", " + perClass + " cells a class",
                cells(codes, cell -> train[cell]),
                cells(codes, cell -> codes[cell] >= 0 && !train[cell]));
    }

    /**
     * Leaves out one group (donor, batch, technology) at a time; cells without a group are never tested on.
     *
     * @param groups [cells] names
     */
    public static List<Split> leaveOneGroupOut(int[] codes, List<@Nullable String> groups) {
        TreeSet<String> names = new TreeSet<>();
        for (String group : groups) {
            if (group != null) {
                names.add(group);
            }
        }
        List<Split> splits = new ArrayList<>();
        for (String name : names) {
            int[] test = cells(codes, cell -> codes[cell] >= 0 && name.equals(groups.get(cell)));
            int[] train = cells(codes, cell -> codes[cell] >= 0 && !name.equals(groups.get(cell)));
            if (test.length > 0 && train.length > 0) {
                splits.add(new Split("without " + name, train, test));
            }
        }
        return splits;
    }

    private static int[] cells(int[] codes, IntPredicate which) {
        return IntStream.range(0, codes.length).filter(which).toArray();
    }

    private static List<int[]> shuffledByClass(int[] codes, int classes, long seed, long purpose) {
        List<int[]> shuffled = new ArrayList<>();
        for (int c = 0; c < classes; c++) {
            int label = c;
            int[] members = cells(codes, cell -> codes[cell] == label);
            int[] order = KeyedRandom.of(seed, purpose, c).permutation(members.length);
            shuffled.add(Arrays.stream(order).map(i -> members[i]).toArray());
        }
        return shuffled;
    }
}
