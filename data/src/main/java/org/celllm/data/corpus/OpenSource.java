package org.celllm.data.corpus;

import java.io.IOException;
import java.nio.file.Path;
import java.util.Arrays;
import org.celllm.data.InputException;
import org.celllm.data.cells.CellBatch;
import org.celllm.data.cells.CellPreparation;
import org.celllm.data.cells.Disease;
import org.celllm.data.genes.GeneIdentity;
import org.celllm.data.genes.GeneMapping;
import org.celllm.data.genes.GeneNames;
import org.celllm.data.genes.GeneVocabulary;
import org.celllm.data.matrix.ExpressionFile;
import org.celllm.data.matrix.ExpressionFiles;
import org.celllm.data.tokens.SlotChoice;
import org.celllm.data.tokens.ValueStates;
import org.jspecify.annotations.Nullable;

/** One file of {@link FileCells}, open: its cells with enough values, and how they become cells over the vocabulary. */
final class OpenSource implements AutoCloseable {
    private final CorpusSource source;
    private final ExpressionFile file;
    private final SlotChoice choice;
    private final GeneNames names;
    private final SourceLabels said;
    private final int[] rows;
    private final int[] lengths;
    private @Nullable CellPreparation preparation;
    private @Nullable GeneMapping mapping;

    private OpenSource(
            CorpusSource source,
            ExpressionFile file,
            SlotChoice choice,
            GeneNames names,
            SourceLabels said,
            int[] rows,
            int[] lengths) {
        this.source = source;
        this.file = file;
        this.choice = choice;
        this.names = names;
        this.said = said;
        this.rows = rows;
        this.lengths = lengths;
    }

    /**
     * Opens a file.
     *
     * @param minValues cells with fewer stored values are left out
     * @throws InputException when it can't be read, or not cell by cell
     */
    static OpenSource open(CorpusSource source, GeneIdentity identity, int minValues) throws IOException {
        ExpressionFile file = ExpressionFiles.open(source.path());
        try {
            SlotChoice choice = ValueStates.choose(file, source.values());
            int[] stored = file.storedValues(choice.slot());
            if (stored == null) {
                throw InputException.about(source.path())
                        .at(choice.slot().name())
                        .found("does not store its values cell by cell (csr), so cells cannot be read in random order")
                        .remedy("celllm corpus build " + source.path() + " --out corpus, then celllm pretrain corpus")
                        .build();
            }
            int[] rows = new int[stored.length];
            int kept = 0;
            for (int row = 0; row < stored.length; row++) {
                if (stored[row] >= minValues) {
                    stored[kept] = stored[row];
                    rows[kept++] = row;
                }
            }
            if (kept == 0) {
                throw InputException.about(source.path())
                        .found("has no cell with " + minValues + " values")
                        .build();
            }
            return new OpenSource(
                    source,
                    file,
                    choice,
                    identity.canonical(file.genes(choice.slot())),
                    SourceLabels.of(source, file.cells()),
                    Arrays.copyOf(rows, kept),
                    Arrays.copyOf(stored, kept));
        } catch (RuntimeException | IOException e) {
            file.close();
            throw e;
        }
    }

    /** Says which vocabulary cells are wanted over; before any is read. */
    void over(GeneVocabulary genes, GeneIdentity identity) throws IOException {
        GeneMapping found = identity.map(file.genes(choice.slot()), genes);
        mapping = found;
        preparation = CellPreparation.of(file, choice, found);
    }

    GeneNames names() {
        return names;
    }

    Path path() {
        return source.path();
    }

    /** Cells that are left in. */
    int cells() {
        return rows.length;
    }

    /** Values that a cell has at most. */
    int length(int cell) {
        return lengths[cell];
    }

    Disease disease(int cell) {
        return said.diseases()[rows[cell]];
    }

    @Nullable
    String label(int cell) {
        return said.labels()[rows[cell]];
    }

    /**
     * Reads cells.
     *
     * @param cells among those left in, ascending; one may stand twice
     */
    CellBatch read(int[] cells) throws IOException {
        CellPreparation ready = preparation;
        if (ready == null) {
            throw new IllegalStateException("no vocabulary was said");
        }
        int[] wanted = new int[cells.length];
        for (int i = 0; i < cells.length; i++) {
            wanted[i] = rows[cells[i]];
        }
        return ready.batch(file.pick(choice.slot(), wanted));
    }

    /** What it gives, as a corpus would say it. */
    SourceReport report(String name) {
        GeneMapping mapped = mapping;
        if (mapped == null) {
            throw new IllegalStateException("no vocabulary was said");
        }
        DiseaseCounts diseases = DiseaseCounts.NONE;
        long labelled = 0;
        long values = 0;
        for (int cell = 0; cell < rows.length; cell++) {
            diseases = diseases.plus(disease(cell));
            labelled += label(cell) == null ? 0 : 1;
            values += lengths[cell];
        }
        long removed = (long) said.diseases().length - rows.length;
        return new SourceReport(
                name,
                source.path().toString(),
                0,
                null,
                file.format(),
                choice.slot().name(),
                choice.state().word(),
                choice.reason(),
                source.tissue(),
                said.diseaseFrom(),
                said.diseaseValues(),
                diseases,
                labelled,
                said.diseases().length,
                rows.length,
                removed == 0 ? java.util.Map.of() : java.util.Map.of("too few values", removed),
                values,
                new SourceReport.MappedGenes(
                        mapped.names().kind().word(),
                        mapped.names().size(),
                        mapped.mapped(),
                        mapped.renamed(),
                        mapped.duplicated(),
                        mapped.unknown()),
                said.remarks());
    }

    @Override
    public void close() throws IOException {
        file.close();
    }
}
