package org.celllm.tasks.annotate;

/**
 * What cells are called, and how files say so.
 *
 * @param what is written, a word: a run that was cut off goes on only as what it was
 * @param threshold of the rule
 * @param rule how a cell is called
 * @param label name of the column of calls
 * @param number name of the column of the rule's numbers
 * @param csvHeader of a file of text, names of the cell, its call and its number
 */
public record CellCalls(String what, double threshold, Rule rule, String label, String number, String csvHeader) {
    /**
     * Calls a cell.
     *
     * <p>A cell all of whose classes are equally probable is to be called −1 with that probability.
     */
    @FunctionalInterface
    public interface Rule {
        /** @param chances [classes] probabilities */
        Call of(double[] chances);
    }

    /**
     * A cell's call.
     *
     * @param code of a class, −1 where the cell stays unassigned
     * @param number that is written beside it
     */
    public record Call(int code, float number) {}

    /**
     * The likeliest class and its probability.
     *
     * @param threshold cells whose likeliest class is less probable are unassigned
     */
    static CellCalls labels(double threshold) {
        return new CellCalls(
                "labels",
                threshold,
                chances -> Naming.of(chances, threshold),
                PredictionFiles.LABEL,
                PredictionFiles.PROBABILITY,
                "cell,label,probability");
    }

    /**
     * One of two classes and its own probability.
     *
     * @param code of the class, 0 or 1
     * @param threshold probability from which on a cell is called so
     */
    public static CellCalls ofOne(
            int code, double threshold, String what, String label, String number, String csvHeader) {
        return new CellCalls(
                what,
                threshold,
                chances -> {
                    float chance = (float) chances[code];
                    int called = chance >= threshold ? code : 1 - code;
                    return new Call(Naming.saysNothing(chances) ? -1 : called, chance);
                },
                label,
                number,
                csvHeader);
    }
}
