package org.celllm.data.simulate;

import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import org.celllm.data.random.KeyedRandom;

/** Invented gene symbols that look like real ones: two to four letters, a number, sometimes another letter. */
final class GeneSymbols {
    private static final String FIRST = "ABCDEFGHIKLMNPRSTVWZ";
    private static final String NEXT = "ABCDEFGHIKLMNOPRSTUXY";

    private GeneSymbols() {}

    /** So many distinct symbols. Families of related genes share their letters and are numbered on. */
    static List<String> of(int genes, long tissue) {
        KeyedRandom random = KeyedRandom.of(tissue, 0x67656E65);
        Set<String> symbols = new LinkedHashSet<>();
        while (symbols.size() < genes) {
            StringBuilder family = new StringBuilder();
            family.append(FIRST.charAt(random.nextInt(FIRST.length())));
            for (int i = 1 + random.nextInt(3); i > 0; i--) {
                family.append(NEXT.charAt(random.nextInt(NEXT.length())));
            }
            int members = 1 + random.nextInt(8);
            int number = 1 + random.nextInt(20);
            for (int i = 0; i < members && symbols.size() < genes; i++) {
                String letter = random.nextInt(5) == 0 ? String.valueOf((char) ('A' + random.nextInt(4))) : "";
                symbols.add(family.toString() + (number + i) + letter);
            }
        }
        return new ArrayList<>(symbols);
    }
}
