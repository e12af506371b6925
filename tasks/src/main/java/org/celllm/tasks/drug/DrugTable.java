package org.celllm.tasks.drug;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.celllm.data.InputException;
import org.celllm.data.table.Fields;
import org.celllm.data.table.TextLines;
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
        try (TextLines lines = new TextLines(file)) {
            if (!lines.next()) {
                throw empty(file);
            }
            Fields fields = new Fields(separator(lines));
            fields.cut(lines.bytes(), lines.length());
            List<String> titles = titles(fields);
            int name = columns.nameAmong(titles, lines.error());
            int smiles = columns.smilesAmong(titles, lines.error());
            Map<String, Molecule> read = new HashMap<>();
            List<Molecule> drugs = new ArrayList<>();
            while (lines.next()) {
                if (lines.length() == 0) {
                    continue;
                }
                fields.cut(lines.bytes(), lines.length());
                Molecule drug = drug(file, lines, fields, name, smiles);
                Molecule before = read.putIfAbsent(drug.name(), drug);
                if (before == null) {
                    drugs.add(drug);
                } else if (!before.smiles().equals(drug.smiles())) {
                    throw lines.error()
                            .found("drug " + drug.name() + " is another molecule (" + drug.smiles()
                                    + ") than on an earlier line (" + before.smiles() + ")")
                            .expected("one molecule a name")
                            .remedy("Keep the right line")
                            .build();
                }
                if (drugs.size() > MOST_DRUGS) {
                    throw lines.error()
                            .found("more than " + MOST_DRUGS + " drugs")
                            .remedy("Divide the table")
                            .build();
                }
            }
            if (drugs.isEmpty()) {
                throw empty(file);
            }
            return new DrugTable(drugs);
        }
    }

    /** The drug of a name, or {@code null}. */
    public @Nullable Molecule find(String name) {
        return molecules.stream()
                .filter(drug -> Objects.equals(drug.name(), name))
                .findFirst()
                .orElse(null);
    }

    private static Molecule drug(Path file, TextLines lines, Fields fields, int name, int smiles) {
        if (fields.count() <= Math.max(name, smiles)) {
            throw lines.error()
                    .found("holds " + fields.count() + " fields")
                    .expected("at least " + (Math.max(name, smiles) + 1))
                    .remedy("The table is cut off or damaged: export it again")
                    .build();
        }
        String drug = fields.text(name);
        if (drug.isEmpty()) {
            throw lines.error()
                    .found("the drug has no name")
                    .expected("a name")
                    .remedy("Name it, or delete the line")
                    .build();
        }
        return SmilesReader.read(file, lines.number(), drug, fields.text(smiles));
    }

    private static InputException empty(Path file) {
        return InputException.about(file)
                .found("there is no drug in it")
                .expected("a line of titles, then a line a drug")
                .remedy("Export the table again")
                .build();
    }

    private static List<String> titles(Fields fields) {
        List<String> titles = new ArrayList<>();
        for (int i = 0; i < fields.count(); i++) {
            String title = fields.text(i);
            titles.add(title.startsWith("\uFEFF") ? title.substring(1).strip() : title);
        }
        return titles;
    }

    private static byte separator(TextLines lines) {
        int commas = 0;
        int semicolons = 0;
        for (int i = 0; i < lines.length(); i++) {
            byte c = lines.bytes()[i];
            if (c == '\t') {
                return '\t';
            }
            commas += c == ',' ? 1 : 0;
            semicolons += c == ';' ? 1 : 0;
        }
        return (byte) (semicolons > commas ? ';' : ',');
    }
}
