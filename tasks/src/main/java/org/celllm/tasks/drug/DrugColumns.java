package org.celllm.tasks.drug;

import java.util.List;
import java.util.Locale;
import org.celllm.data.InputException;
import org.jspecify.annotations.Nullable;

/**
 * Which columns of a table hold the drugs' names and SMILES. {@code null} for the one that is found by its title.
 *
 * @param name the title of the names' column
 * @param smiles the title of the SMILES' column
 */
public record DrugColumns(@Nullable String name, @Nullable String smiles) {
    /** Both are found: {@code drug_name}, {@code name} or {@code drug}; {@code SMILES}, canonical or isomeric. */
    public static final DrugColumns FOUND = new DrugColumns(null, null);

    private static final List<String> NAMES = List.of("drug_name", "drugname", "name", "drug");
    private static final List<String> SMILES =
            List.of("smiles", "canonicalsmiles", "canonical_smiles", "isomericsmiles", "isomeric_smiles");

    /** The place of the names among titles. */
    int nameAmong(List<String> titles, InputException.Builder error) {
        return among(titles, name, NAMES, "names of drugs", error);
    }

    /** The place of the SMILES among titles. */
    int smilesAmong(List<String> titles, InputException.Builder error) {
        return among(titles, smiles, SMILES, "SMILES", error);
    }

    private static int among(
            List<String> titles,
            @Nullable String given,
            List<String> usual,
            String what,
            InputException.Builder error) {
        if (given != null) {
            int place = titles.indexOf(given);
            if (place < 0) {
                throw error.found("there is no column " + given + " among " + String.join(", ", titles))
                        .expected("a column of " + what)
                        .remedy("Name one of these columns")
                        .build();
            }
            return place;
        }
        for (String title : usual) {
            for (int i = 0; i < titles.size(); i++) {
                if (titles.get(i).toLowerCase(Locale.ROOT).equals(title)) {
                    return i;
                }
            }
        }
        throw error.found("no column of " + what + " among " + String.join(", ", titles))
                .expected("a column titled " + String.join(", ", usual) + ", in capitals or not")
                .remedy("Add a first line of titles, or say which column it is")
                .build();
    }
}
