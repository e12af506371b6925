package org.celllm.data.corpus;

import java.util.Arrays;
import java.util.stream.LongStream;
import org.celllm.data.random.KeyedRandom;

/** Chooses some cells that are spread over a corpus, the same every time. */
final class SpreadCells {
    private SpreadCells() {}

    /**
     * Some cells of a split.
     *
     * @param all cells of the corpus
     * @param most how many at most
     * @return their numbers, ascending
     */
    static long[] of(long all, Split split, int most) {
        long key = KeyedRandom.key(0x737072656164L);
        long[] numbers =
                LongStream.range(0, all).filter(cell -> Split.of(cell) == split).toArray();
        if (numbers.length <= most) {
            return numbers;
        }
        // Floats from a hash order the cells; equal ones are rare and are told apart by their number.
        Long[] ordered = Arrays.stream(numbers).boxed().toArray(Long[]::new);
        Arrays.sort(ordered, (a, b) -> {
            int byHash = Float.compare(KeyedRandom.uniform(key, a), KeyedRandom.uniform(key, b));
            return byHash != 0 ? byHash : Long.compare(a, b);
        });
        return Arrays.stream(ordered)
                .limit(most)
                .mapToLong(cell -> cell)
                .sorted()
                .toArray();
    }
}
