package org.celllm.tasks.annotate;

import java.io.BufferedWriter;
import java.io.IOException;
import java.io.OutputStreamWriter;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import org.celllm.data.InputException;
import org.celllm.data.files.SafeFiles;
import org.celllm.data.genes.GeneVocabulary;
import org.celllm.data.progress.Progress;
import org.celllm.tasks.embed.CellFile;
import org.celllm.tasks.embed.EmbedSettings;
import org.celllm.tasks.embed.EnrichedFile;
import org.celllm.tasks.embed.FileEmbedding;
import org.celllm.tasks.files.CsvText;
import org.celllm.tasks.pieces.CellRun;
import org.celllm.tasks.pieces.PieceFile;
import org.celllm.tasks.pieces.PieceFolder;
import org.celllm.tasks.pieces.RunBasis;

/** Names the cells of files into files: {@code celllm annotate predict}. */
public final class PredictionFiles {
    /** The column of labels in {@code obs}, {@code unassigned} among them. */
    public static final String LABEL = "celllm_label";
    /** The column of the likeliest class's probability. */
    public static final String PROBABILITY = "celllm_probability";

    private PredictionFiles() {}

    /**
     * Names the cells of {@code in} and writes {@code out}: {@code .csv} with the header {@code cell,label,probability},
     * or {@code .h5ad}, a copy of {@code in} with {@link #LABEL} and {@link #PROBABILITY}.
     *
     * @param threshold cells whose likeliest class is less probable are {@code unassigned}
     * @throws InputException when {@code in} cannot be used, or {@code out} is neither
     */
    public static FilePredictions predictFile(
            Annotator annotator, Path in, Path out, double threshold, Progress progress) throws IOException {
        return predictFile(annotator, in, out, threshold, CellRun.usual().with(progress));
    }

    /**
     * The same, in a run that may go on with another that was cut off: finished cells stand beside {@code out} until it
     * is whole, and its bytes do not depend on where a run was cut. Memory holds a batch of cells, and of all cells a few
     * bytes each.
     *
     * @throws InputException also when the other run's results depended on something else
     */
    public static FilePredictions predictFile(Annotator annotator, Path in, Path out, double threshold, CellRun run)
            throws IOException {
        return callFile(annotator, in, out, CellCalls.labels(threshold), run);
    }

    /**
     * The same with cells called by another rule, and other columns.
     *
     * @throws InputException as above
     */
    public static FilePredictions callFile(Annotator annotator, Path in, Path out, CellCalls calls, CellRun run)
            throws IOException {
        long started = System.nanoTime();
        boolean csv = CsvText.orH5ad(out);
        EmbedSettings settings = annotator.settings();
        try (CellFile file = CellFile.open(in, settings.values(), settings.identity())) {
            RunBasis basis = RunBasis.of("run", calls.what())
                    .and("threshold", String.valueOf(calls.threshold()))
                    .and(annotator.basis(file));
            return PieceFolder.through(out, basis, NamedRows.COLUMNS, run, pieces -> {
                FileEmbedding reading = annotator.chances(
                        file,
                        pieces.cells(),
                        (batch, chances) -> pieces.put(
                                (int) batch.rows()[0], NamedRows.of(batch, chances, calls.rule()), batch.cells()),
                        run.progress());
                pieces.sync();
                NamedRows rows = new NamedRows(annotator.labels());
                if (csv) {
                    writeCsv(calls.csvHeader(), rows, pieces, file, out);
                } else {
                    EnrichedFile.write(file, out, additions -> {
                        NamedRows.Columns columns = rows.columns(pieces, file.cellCount());
                        additions.obs(calls.label(), columns.labels());
                        additions.obs(calls.number(), columns.numbers());
                    });
                }
                return new FilePredictions(
                        annotator.labels(),
                        rows.counts(),
                        reading.withMeanMappedFraction(rows.meanMappedFraction()),
                        difference(annotator, file, reading, rows),
                        (System.nanoTime() - started) / 1e9);
            });
        }
    }

    private static BatchDifference difference(
            Annotator annotator, CellFile file, FileEmbedding reading, NamedRows rows) {
        int[] counts = rows.counts();
        List<GeneVocabulary> paths = annotator.vocabularies();
        GeneVocabulary genes = paths.get(paths.size() - 1);
        return new BatchDifference(
                genes.size(),
                BatchDifference.missing(file.map(genes), genes.size()),
                reading.depth(),
                reading.choice().state().word(),
                annotator.trained(),
                (double) counts[counts.length - 1] / Math.max(1, reading.cells()),
                rows.blank());
    }

    private static void writeCsv(String header, NamedRows rows, PieceFile pieces, CellFile file, Path out)
            throws IOException {
        CellNames names = new CellNames(file.file());
        SafeFiles.stream(out, stream -> {
            BufferedWriter text = new BufferedWriter(new OutputStreamWriter(stream, StandardCharsets.UTF_8), 1 << 16);
            text.write(header + "\n");
            rows.forEach(
                    pieces,
                    (cell, code, number) ->
                            text.write(CsvText.quoted(names.of(cell)) + "," + CsvText.quoted(rows.label(code)) + ","
                                    + String.format(Locale.ROOT, "%.6f", number) + "\n"));
            text.flush();
        });
    }
}
