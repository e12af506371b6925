package org.celllm.tasks.drug;

/** Fills a row of features from left to right. */
final class OneHot {
    private final float[] row;
    private int at;

    OneHot(int size) {
        this.row = new float[size];
    }

    /** One of {@code choices}, counted from 0; what lies beyond an end counts as that end. */
    OneHot one(int choice, int choices) {
        row[at + Math.max(0, Math.min(choice, choices - 1))] = 1;
        at += choices;
        return this;
    }

    /** Yes or no. */
    OneHot flag(boolean yes) {
        row[at++] = yes ? 1 : 0;
        return this;
    }

    /** The row, which has to be full. */
    float[] row() {
        if (at != row.length) {
            throw new IllegalStateException(at + " of " + row.length + " features");
        }
        return row;
    }
}
