package org.celllm.data.corpus;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.celllm.data.InputException;
import org.celllm.data.cells.CellBatch;
import org.celllm.data.cells.PreparedCells;
import org.celllm.data.files.Sha256;
import org.celllm.data.genes.GeneIdentity;
import org.celllm.data.genes.GeneMapping;
import org.celllm.data.genes.GeneNames;
import org.celllm.data.genes.GeneVocabulary;
import org.celllm.data.genes.IdentifierKind;
import org.celllm.data.matrix.ExpressionFile;
import org.celllm.data.matrix.ExpressionFiles;
import org.celllm.data.progress.Progress;
import org.celllm.data.tokens.SlotChoice;
import org.celllm.data.tokens.ValueState;
import org.celllm.data.tokens.ValueStates;

/** Reads one source: first perhaps only its genes, then its cells into shards. */
final class SourceImport {
    private static final int CELLS_A_BATCH = 512;

    private final CorpusSource source;
    private final GeneIdentity identity;
    private final Progress progress;

    SourceImport(CorpusSource source, GeneIdentity identity, Progress progress) {
        this.source = source;
        this.identity = identity;
        this.progress = progress;
    }

    /**
     * The genes of a source and in how many cells each is seen.
     *
     * @param kind what sort of names the genes have
     * @param genes [genes] canonical names
     * @param cellsWith [genes] cells
     * @param cells cells of the source
     */
    record SeenGenes(IdentifierKind kind, List<String> genes, int[] cellsWith, int cells) {}

    /** Reads the source once through, for its genes. */
    SeenGenes genes() throws IOException {
        try (ExpressionFile file = ExpressionFiles.open(source.path())) {
            SlotChoice choice = ValueStates.choose(file, source.values());
            GeneNames names = identity.canonical(file.genes(choice.slot()));
            int cells = choice.slot().cells();
            try (Progress.Task task = progress.start("Genes of " + source.path().getFileName(), "cells", cells);
                    var reader = file.read(choice.slot(), CELLS_A_BATCH)) {
                return new SeenGenes(
                        names.kind(),
                        names.canonical(),
                        GeneTally.count(reader, choice.slot().genes(), task),
                        cells);
            }
        }
    }

    /**
     * What a source gave.
     *
     * @param report for the manifest, without a name
     * @param shards its shards
     * @param tissues names that the shards number tissues by, from 1
     * @param labels names that the shards number labels by, from 1
     */
    record Imported(
            SourceReport report, List<CorpusManifest.Shard> shards, List<String> tissues, List<String> labels) {}

    /**
     * Reads the cells into shards.
     *
     * @param folder of this source alone
     * @param genes the vocabulary
     * @param settings the filters
     */
    Imported cells(Path folder, GeneVocabulary genes, CorpusSettings settings) throws IOException {
        NumberedNames tissues = new NumberedNames("tissues", List.of());
        NumberedNames labels = new NumberedNames("labels", List.of());
        try (ExpressionFile file = ExpressionFiles.open(source.path())) {
            SlotChoice choice = ValueStates.choose(file, source.values());
            GeneMapping mapping = identity.map(file.genes(choice.slot()), genes);
            GeneIdentity.requireOverlap(mapping, genes, source.path());
            SourceLabels said = SourceLabels.of(source, file.cells());
            Tally tally = new Tally(settings);
            ShardWriter writer = null;
            ValueState state = choice.state();
            try (PreparedCells cells = PreparedCells.open(file, choice, mapping, CELLS_A_BATCH);
                    Progress.Task task = progress.start(
                            "Cells of " + source.path().getFileName(),
                            "cells",
                            choice.slot().cells())) {
                for (CellBatch batch = cells.next(); batch != null; batch = cells.next()) {
                    for (int cell = 0; cell < batch.cells(); cell++) {
                        state = batch.states()[cell];
                        if (writer == null) {
                            writer = new ShardWriter(folder, state == ValueState.COUNTS);
                        }
                        if (tally.keeps(batch, cell)) {
                            int row = (int) batch.rows()[cell];
                            int label = labels.number(said.labels()[row], source.path());
                            tally.keep(batch.length(cell), said.diseases()[row], label != 0);
                            writer.add(
                                    batch,
                                    cell,
                                    said.diseases()[row].code(),
                                    tissues.number(said.tissues()[row], source.path()),
                                    label);
                        }
                    }
                    task.advance(batch.cells());
                }
                tally.missing = cells.missing();
            }
            if (writer == null || tally.kept == 0) {
                throw InputException.about(source.path())
                        .found(
                                tally.read == 0
                                        ? "has no cells"
                                        : "has no cell that passes the filters: " + tally.removed)
                        .expected("cells with at least " + settings.minGenes() + " genes of the vocabulary")
                        .remedy("Lower --min-genes or --min-counts")
                        .build();
            }
            return new Imported(
                    report(file, choice, mapping, said, tally, state),
                    writer.finish(),
                    tissues.names(),
                    labels.names());
        }
    }

    private SourceReport report(
            ExpressionFile file,
            SlotChoice choice,
            GeneMapping mapping,
            SourceLabels said,
            Tally tally,
            ValueState state)
            throws IOException {
        boolean single = Files.isRegularFile(source.path());
        List<String> remarks = new ArrayList<>(file.remarks());
        remarks.addAll(said.remarks());
        if (tally.missing > 0) {
            remarks.add(String.format(Locale.ROOT, "values that are not numbers (NaN), read as 0: %,d", tally.missing));
        }
        return new SourceReport(
                "",
                source.path().toString(),
                single ? Files.size(source.path()) : 0,
                single ? Sha256.of(source.path()) : null,
                file.format(),
                choice.slot().name(),
                state.word(),
                choice.reason(),
                source.tissue(),
                said.diseaseFrom(),
                said.diseaseValues(),
                tally.disease,
                tally.labelled,
                tally.read,
                tally.kept,
                tally.removed,
                tally.nonzeros,
                new SourceReport.MappedGenes(
                        mapping.names().kind().word(),
                        mapping.names().size(),
                        mapping.mapped(),
                        mapping.renamed(),
                        mapping.duplicated(),
                        mapping.unknown()),
                remarks);
    }

    /** Applies the filters and counts. */
    private static final class Tally {
        private final CorpusSettings settings;
        private final Map<String, Long> removed = new LinkedHashMap<>();
        private DiseaseCounts disease = DiseaseCounts.NONE;
        private long read;
        private long labelled;
        private long kept;
        private long nonzeros;
        private long missing;

        Tally(CorpusSettings settings) {
            this.settings = settings;
        }

        boolean keeps(CellBatch batch, int cell) {
            read++;
            if (batch.length(cell) < settings.minGenes()) {
                removed.merge("fewer than " + settings.minGenes() + " genes", 1L, Long::sum);
                return false;
            }
            if (batch.states()[cell] == ValueState.COUNTS && batch.totals()[cell] < settings.minCounts()) {
                removed.merge("fewer than " + settings.minCounts() + " counts", 1L, Long::sum);
                return false;
            }
            return true;
        }

        void keep(int length, org.celllm.data.cells.Disease of, boolean hasLabel) {
            kept++;
            labelled += hasLabel ? 1 : 0;
            nonzeros += length;
            disease = disease.plus(of);
        }
    }
}
