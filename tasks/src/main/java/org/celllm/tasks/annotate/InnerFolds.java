package org.celllm.tasks.annotate;

import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;
import org.celllm.tasks.evaluate.Split;
import org.celllm.tasks.evaluate.Splits;

/**
 * Folds of training cells by which a head chooses. Cells of a class that has fewer than there are folds are learned from in every fold
 * and held out of none: without them the class would hardly be known, and would be called wrong whatever is chosen.
 *
 * @param tested cells that are held out once, ascending
 * @param splits of all cells, one a fold
 * @param places [folds][tested cells of the fold] where they stand in {@code tested}
 */
record InnerFolds(int[] tested, List<Split> splits, List<int[]> places) {
    /**
     * Stratified folds.
     *
     * @param codes [cells] classes; one of them at least has as many cells as there are folds
     * @param classes how many there are
     * @param folds at least 2
     */
    static InnerFolds of(int[] codes, int classes, int folds, long seed) {
        int[] counts = new int[classes];
        for (int code : codes) {
            counts[code]++;
        }
        int[] tested = IntStream.range(0, codes.length)
                .filter(i -> counts[codes[i]] >= folds)
                .toArray();
        int[] always = IntStream.range(0, codes.length)
                .filter(i -> counts[codes[i]] < folds)
                .toArray();
        List<Split> splits = new ArrayList<>();
        List<int[]> places = new ArrayList<>();
        for (Split split : Splits.folds(Split.codes(codes, tested), classes, folds, seed)) {
            int[] train = IntStream.concat(IntStream.of(split.train()).map(i -> tested[i]), IntStream.of(always))
                    .sorted()
                    .toArray();
            int[] test = IntStream.of(split.test()).map(i -> tested[i]).toArray();
            splits.add(new Split(split.name(), train, test));
            places.add(split.test());
        }
        return new InnerFolds(tested, splits, places);
    }
}
