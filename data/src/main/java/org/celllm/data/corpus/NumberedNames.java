package org.celllm.data.corpus;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.celllm.data.InputException;
import org.jspecify.annotations.Nullable;

/** Numbers the names of one kind in a corpus, tissues or labels, from 1 as they come; 0 stands for unknown. */
final class NumberedNames {
    /** What 16 bits a cell can tell apart. */
    private static final int MOST = 65_535;

    private final String kind;
    private final List<String> names;
    private final Map<String, Integer> numbers = new HashMap<>();

    /**
     * @param kind what the names are of, in the plural, for people
     * @param names those that have numbers already, in their order
     */
    NumberedNames(String kind, List<String> names) {
        this.kind = kind;
        this.names = new ArrayList<>(names);
        for (int i = 0; i < names.size(); i++) {
            numbers.putIfAbsent(names.get(i), i + 1);
        }
    }

    /**
     * The number of a name, a new one when it has none yet.
     *
     * @param source where it is from
     * @throws InputException when no number is left
     */
    int number(@Nullable String name, Path source) {
        if (name == null) {
            return 0;
        }
        Integer known = numbers.get(name);
        if (known != null) {
            return known;
        }
        if (names.size() >= MOST) {
            throw InputException.about(source)
                    .found("would bring the corpus to more than 65,535 different " + kind)
                    .remedy("Name a column with fewer different values")
                    .build();
        }
        names.add(name);
        numbers.put(name, names.size());
        return names.size();
    }

    /** How many have a number. */
    int size() {
        return names.size();
    }

    /** Forgets all but the first. */
    void keep(int count) {
        while (names.size() > count) {
            numbers.remove(names.remove(names.size() - 1));
        }
    }

    /** Names in the order of their numbers. */
    List<String> names() {
        return List.copyOf(names);
    }
}
