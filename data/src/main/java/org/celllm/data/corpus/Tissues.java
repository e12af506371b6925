package org.celllm.data.corpus;

import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Numbers the tissues of a corpus as they come; 0 stands for unknown. */
final class Tissues {
    private static final int MOST = 65_535;

    private final List<String> names;

    Tissues(List<String> names) {
        this.names = new ArrayList<>(names);
    }

    /** The number of a tissue. */
    int number(@Nullable String name) {
        if (name == null) {
            return 0;
        }
        int at = names.indexOf(name);
        if (at < 0 && names.size() < MOST) {
            names.add(name);
            return names.size();
        }
        return at + 1;
    }

    /** Names in the order of their numbers, from 1. */
    List<String> names() {
        return List.copyOf(names);
    }
}
