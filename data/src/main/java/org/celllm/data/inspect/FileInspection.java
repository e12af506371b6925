package org.celllm.data.inspect;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.celllm.data.InputException;
import org.celllm.data.genes.GeneIdentity;
import org.celllm.data.genes.GeneMapping;
import org.celllm.data.genes.GeneNames;
import org.celllm.data.genes.GeneSpecies;
import org.celllm.data.genes.GeneVocabulary;
import org.celllm.data.matrix.AnnotationTable;
import org.celllm.data.matrix.ExpressionFile;
import org.celllm.data.matrix.ExpressionFiles;
import org.celllm.data.matrix.MatrixSlot;
import org.celllm.data.tokens.SlotChoice;
import org.celllm.data.tokens.SlotFinding;
import org.celllm.data.tokens.ValueStates;
import org.celllm.data.tokens.ValuesOption;
import org.jspecify.annotations.Nullable;

/**
 * What a file holds and how it would be read.
 *
 * @param path the file
 * @param format format and dialect
 * @param cells how many cells
 * @param cellExamples names of the first cells
 * @param slots every matrix of the file and the state of its values
 * @param choice the slot that would be read; {@code null} when there is none, and then {@code problem} says why
 * @param problem why nothing would be read, with the remedy; {@code null} when something would be
 * @param genes the genes of the chosen slot, of the first when none is chosen
 * @param columns the per-cell columns
 * @param remarks what the reader decided or noticed
 */
public record FileInspection(
        String path,
        String format,
        int cells,
        List<String> cellExamples,
        List<SlotFinding> slots,
        @Nullable SlotChoice choice,
        @Nullable String problem,
        GeneSummary genes,
        List<ColumnSummary> columns,
        List<String> remarks) {
    private static final int EXAMPLES = 3;

    public FileInspection {
        cellExamples = List.copyOf(cellExamples);
        slots = List.copyOf(slots);
        columns = List.copyOf(columns);
        remarks = List.copyOf(remarks);
    }

    /**
     * Inspects a file with names as they are.
     *
     * @throws InputException when the file is not read
     */
    public static FileInspection of(Path path) throws IOException {
        return of(path, ValuesOption.AUTO, GeneIdentity.plain(), null);
    }

    /**
     * Inspects a file.
     *
     * @param values what the user says the values are
     * @param identity with or without tables of gene names
     * @param vocabulary to report the mapping to, such as a model's; {@code null} for none
     * @throws InputException when the file is not read
     */
    public static FileInspection of(
            Path path, ValuesOption values, GeneIdentity identity, @Nullable GeneVocabulary vocabulary)
            throws IOException {
        try (ExpressionFile file = ExpressionFiles.open(path)) {
            List<SlotFinding> findings = ValueStates.findings(file);
            SlotChoice choice = null;
            String problem = null;
            try {
                choice = ValueStates.choose(file, findings, values);
            } catch (InputException none) {
                problem = none.getMessage();
            }
            MatrixSlot slot = choice == null ? file.slots().get(0) : choice.slot();
            AnnotationTable table = file.genes(slot);
            GeneMapping mapping = vocabulary == null ? null : identity.map(table, vocabulary);
            GeneNames names = identity.canonical(table);
            List<ColumnSummary> columns = new ArrayList<>();
            file.cells().columns().forEach((name, column) -> columns.add(ColumnSummary.of(name, column)));
            AnnotationTable cells = file.cells();
            return new FileInspection(
                    file.path().toString(),
                    file.format(),
                    cells.size(),
                    cells.names().subList(0, Math.min(EXAMPLES, cells.size())),
                    findings,
                    choice,
                    problem,
                    GeneSummary.of(names, identity.hasTables(), mapping),
                    columns,
                    remarks(file, names, identity));
        }
    }

    private static List<String> remarks(ExpressionFile file, GeneNames names, GeneIdentity identity) {
        List<String> remarks = new ArrayList<>(file.remarks());
        if (names.species() == GeneSpecies.MOUSE && !identity.hasOrthologues()) {
            remarks.add(
                    "the genes look like a mouse's: --orthologues FILE, a table of mouse and human orthologues, finds"
                            + " the human ones");
        }
        return remarks;
    }

    /** Names of the columns that may serve as labels. */
    public List<String> labelColumns() {
        return columns.stream()
                .filter(ColumnSummary::label)
                .map(ColumnSummary::name)
                .toList();
    }

    /** The inspection as JSON; docs/formats.md has the schema. */
    public JsonNode toJson() {
        return InspectionJson.of(this);
    }
}
