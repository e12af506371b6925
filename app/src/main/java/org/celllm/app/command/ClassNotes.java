package org.celllm.app.command;

import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import org.celllm.app.console.Console;
import org.celllm.tasks.labels.CellLabels;
import org.jspecify.annotations.Nullable;

/** What is said of classes whose scores mean less than they seem to. */
final class ClassNotes {
    private ClassNotes() {}

    /** A class of one group alone cannot be learned while that group is left out. */
    static void lonely(Console console, CellLabels labels, List<@Nullable String> groups) {
        List<Set<String>> of = new ArrayList<>();
        labels.names().forEach(name -> of.add(new TreeSet<>()));
        for (int cell : labels.labelledCells()) {
            String group = groups.get(cell);
            if (group != null) {
                of.get(labels.codes()[cell]).add(group);
            }
        }
        for (int c = 0; c < of.size(); c++) {
            if (of.get(c).size() == 1) {
                console.notice("note: all cells of " + labels.names().get(c) + " are of "
                        + of.get(c).iterator().next() + ": while it is left out, nothing can learn them");
            }
        }
    }

    /** Of classes that have no more labelled cells than are asked for, one is left to test on. */
    static void small(Console console, CellLabels labels, @Nullable Integer perClass) {
        if (perClass == null) {
            return;
        }
        long[] counts = new long[labels.classes()];
        for (int cell : labels.labelledCells()) {
            counts[labels.codes()[cell]]++;
        }
        List<String> small = new ArrayList<>();
        for (int c = 0; c < counts.length; c++) {
            if (counts[c] <= perClass) {
                small.add(labels.names().get(c) + " (" + counts[c] + ")");
            }
        }
        if (!small.isEmpty()) {
            console.line("note: not more than " + perClass + " labelled cells, so all but one are learned from: "
                    + String.join(", ", small));
        }
    }
}
