package org.celllm.data.corpus;

import java.io.IOException;
import java.util.List;
import org.celllm.data.InputException;
import org.celllm.data.cells.CellBatch;
import org.celllm.data.cells.Disease;
import org.jspecify.annotations.Nullable;

/**
 * Where a cell of a corpus came from and what is known about it.
 *
 * @param cell its number in the corpus
 * @param source name of its source
 * @param path the source's file or folder, as it was given when the corpus was built
 * @param row its row there, from 0
 * @param disease its disease
 * @param tissue its tissue, {@code null} for unknown
 * @param label its label, {@code null} for none
 * @param split whether it is trained on
 * @param genes expressed genes of the vocabulary
 * @param total what its values sum to over all genes of its file: counts where its values are counts
 */
public record TracedCell(
        long cell,
        String source,
        String path,
        long row,
        Disease disease,
        @Nullable String tissue,
        @Nullable String label,
        Split split,
        int genes,
        double total) {
    /**
     * Traces a cell.
     *
     * @param cell its number in the corpus
     * @throws InputException when there is no such cell
     */
    public static TracedCell of(Corpus corpus, long cell) throws IOException {
        if (cell < 0 || cell >= corpus.cells()) {
            throw InputException.about(corpus.folder())
                    .found("has no cell " + cell)
                    .expected(corpus.cells() == 0 ? "nothing: it is empty" : "0 to " + (corpus.cells() - 1))
                    .build();
        }
        CorpusManifest manifest = corpus.manifest();
        CellBatch batch = corpus.read(cell, 1);
        SourceReport source = manifest.sources().get(batch.source()[0]);
        return new TracedCell(
                cell,
                source.name(),
                source.path(),
                corpus.row(cell),
                Disease.of(batch.disease()[0]),
                name(manifest.tissues(), corpus.tissues(cell, 1)[0]),
                name(manifest.labels(), batch.label()[0]),
                Split.of(cell),
                batch.length(0),
                batch.totals()[0]);
    }

    /** The name of a number that counts from 1; {@code null} for 0. */
    private static @Nullable String name(List<String> names, int number) {
        return number == 0 ? null : names.get(number - 1);
    }
}
