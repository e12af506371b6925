package org.celllm.tasks.annotate;

import java.util.List;
import org.celllm.tasks.baselines.ClassWeights;

/**
 * How a head is fitted.
 *
 * @param members what it may be put together from, at least one
 * @param classWeights how much a cell of each class counts in a member's loss
 * @param innerFolds folds of the training cells by which penalties and weights are chosen, at least 2; fewer are used
 *     when the smallest class has fewer cells
 * @param seed of the inner folds
 */
public record HeadSettings(List<HeadMember> members, ClassWeights classWeights, int innerFolds, long seed) {
    public HeadSettings {
        members = List.copyOf(members);
        if (members.isEmpty() || innerFolds < 2) {
            throw new IllegalArgumentException("a head needs a member and two inner folds");
        }
    }

    /** All members, chosen among and weighted by three inner folds. */
    public static HeadSettings usual(long seed) {
        return new HeadSettings(List.of(HeadMember.usualMembers()), ClassWeights.NONE, 3, seed);
    }

    /** The same with fewer members. */
    public HeadSettings withMembers(HeadMember... fewer) {
        return new HeadSettings(List.of(fewer), classWeights, innerFolds, seed);
    }

    /** The same without 50 components, of which few labels cannot tell which count; all members where there would be none left. */
    HeadSettings withoutMoreComponents() {
        HeadMember[] fewer = members.stream()
                .filter(member -> member != HeadMember.MORE_COMPONENTS)
                .toArray(HeadMember[]::new);
        return fewer.length == 0 ? this : withMembers(fewer);
    }

    /** The same with other class weights. */
    public HeadSettings with(ClassWeights other) {
        return new HeadSettings(members, other, innerFolds, seed);
    }
}
