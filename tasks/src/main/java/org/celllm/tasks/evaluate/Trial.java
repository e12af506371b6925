package org.celllm.tasks.evaluate;

import java.util.List;

/**
 * One repetition of a protocol: the unit that intervals are taken over. The folds of one seed are one trial, since
 * their training cells overlap; a few-shot draw is one too.
 *
 * @param name such as {@code "seed 3"}
 * @param seed of whatever is random in the methods
 * @param splits at least one; the trial's score is the mean of theirs
 */
public record Trial(String name, long seed, List<Split> splits) {
    public Trial {
        splits = List.copyOf(splits);
        if (splits.isEmpty()) {
            throw new IllegalArgumentException("trial " + name + " has no split");
        }
    }
}
