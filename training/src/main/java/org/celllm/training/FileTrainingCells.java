package org.celllm.training;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.List;
import org.celllm.data.cells.CellBatch;
import org.celllm.data.corpus.CorpusSampler;
import org.celllm.data.corpus.CorpusSource;
import org.celllm.data.corpus.FileCells;
import org.celllm.data.corpus.SourceReport;
import org.celllm.data.corpus.Split;
import org.celllm.data.genes.GeneIdentity;
import org.celllm.data.genes.GeneVocabulary;

/** The cells of files, for training without a corpus. Closing it closes the files. */
public final class FileTrainingCells implements TrainingCells {
    private static final ObjectMapper JSON = new ObjectMapper();

    private final FileCells cells;
    private final CorpusSampler sampler;
    private final List<SourceReport> reports;

    private FileTrainingCells(FileCells cells, long seed) {
        this.cells = cells;
        this.sampler = cells.sampler(Split.TRAIN, seed);
        this.reports = cells.reports();
    }

    /**
     * Opens files.
     *
     * @param sources files, folders and lists
     * @param identity what gene names mean
     * @param seed decides the order of the cells
     * @throws org.celllm.data.InputException when one of them cannot be used
     */
    public static FileTrainingCells open(List<CorpusSource> sources, GeneIdentity identity, long seed)
            throws IOException {
        return new FileTrainingCells(FileCells.open(sources, identity), seed);
    }

    @Override
    public GeneVocabulary genes() {
        return cells.genes();
    }

    @Override
    public long cells() {
        return sampler.cells();
    }

    @Override
    public int sources() {
        return reports.size();
    }

    @Override
    public int sourcesWithBoth() {
        return (int) reports.stream()
                .filter(report ->
                        report.disease().normal() > 0 && report.disease().cancer() > 0)
                .count();
    }

    @Override
    public long normal() {
        return cells.trained().normal();
    }

    @Override
    public long cancer() {
        return cells.trained().cancer();
    }

    @Override
    public long labelled() {
        return cells.labelled();
    }

    @Override
    public CellBatch batch(long step, int size) {
        try {
            return sampler.batch(step, size);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    @Override
    public CellBatch validation(int most) {
        try {
            return cells.read(cells.spread(Split.VALIDATION, most));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    @Override
    public String hash() {
        return cells.hash();
    }

    @Override
    public JsonNode description() {
        ObjectNode description = JSON.createObjectNode();
        description.put("format", "files, without a corpus");
        description.put("cells", cells.cells());
        description.put("genes", cells.genes().size());
        description.put(
                "nonzeros", reports.stream().mapToLong(SourceReport::nonzeros).sum());
        description.put("geneRule", "all genes of all files, in alphabetical order");
        description.set("sources", JSON.valueToTree(reports));
        return description;
    }

    @Override
    public void close() {
        try {
            cells.close();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
