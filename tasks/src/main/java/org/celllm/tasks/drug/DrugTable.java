package org.celllm.tasks.drug;

import java.io.IOException;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.celllm.data.InputException;
import org.celllm.data.table.HeadedTable;
import org.jspecify.annotations.Nullable;

/**
 * Drugs by name.
 *
 * @param molecules in the order of the file, no name twice
 */
public record DrugTable(List<Molecule> molecules) {
    /** The most drugs of a table. */
    public static final int MOST_DRUGS = 1_000_000;

    public DrugTable {
        molecules = List.copyOf(molecules);
        if (molecules.stream().map(Molecule::name).distinct().count() != molecules.size()) {
            throw new IllegalArgumentException("a drug stands twice");
        }
    }

    /**
     * Reads a table with a line of titles; commas, semicolons or tabs, gzipped or not. A drug may stand twice with the same
     * molecule.
     *
     * @throws InputException naming file and line, when a column is missing, a SMILES cannot be read, or a drug has two molecules
     */
    public static DrugTable read(Path file, DrugColumns columns) throws IOException {
        Map<String, Molecule> drugs = new LinkedHashMap<>();
        try (HeadedTable table = HeadedTable.open(file)) {
            int name = table.column(columns.name());
            int smiles = table.column(columns.smiles());
            while (table.next()) {
                Molecule drug = SmilesReader.read(file, table.line(), table.name(name), table.text(smiles));
                Molecule before = drugs.putIfAbsent(drug.name(), drug);
                if (before != null && !before.smiles().equals(drug.smiles())) {
                    throw table.error()
                            .found("drug " + drug.name() + " is another molecule (" + drug.smiles()
                                    + ") than on an earlier line (" + before.smiles() + ")")
                            .expected("one molecule a name")
                            .remedy("Keep the right line")
                            .build();
                }
                if (drugs.size() > MOST_DRUGS) {
                    throw table.error()
                            .found("more than " + MOST_DRUGS + " drugs")
                            .remedy("Divide the table")
                            .build();
                }
            }
        }
        if (drugs.isEmpty()) {
            throw InputException.about(file)
                    .found("has no row below its header")
                    .expected("a line a drug")
                    .remedy("Export the table again")
                    .build();
        }
        return new DrugTable(List.copyOf(drugs.values()));
    }

    /** The drug of a name, or {@code null}. */
    public @Nullable Molecule find(String name) {
        return molecules.stream()
                .filter(drug -> Objects.equals(drug.name(), name))
                .findFirst()
                .orElse(null);
    }
}
