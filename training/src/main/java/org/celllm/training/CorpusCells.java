package org.celllm.training;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.util.List;
import org.celllm.data.cells.CellBatch;
import org.celllm.data.corpus.Corpus;
import org.celllm.data.corpus.CorpusSampler;
import org.celllm.data.corpus.CorpusStrata;
import org.celllm.data.corpus.SamplingWeights;
import org.celllm.data.corpus.Split;
import org.celllm.data.genes.GeneVocabulary;

/** The cells of a corpus, for training. Closing it closes the corpus. */
public final class CorpusCells implements TrainingCells {
    private static final ObjectMapper JSON = new ObjectMapper();

    private final Corpus corpus;
    private final CorpusSampler sampler;

    private CorpusCells(Corpus corpus, CorpusSampler sampler) {
        this.corpus = corpus;
        this.sampler = sampler;
    }

    /**
     * Opens a corpus.
     *
     * @param folder the corpus
     * @param seed decides the order of the cells
     * @throws org.celllm.data.InputException when it is not a corpus, or damaged
     */
    public static CorpusCells open(Path folder, long seed) throws IOException {
        return open(folder, seed, SamplingWeights.NONE);
    }

    /**
     * Opens a corpus, to draw its training cells in other shares than they come in. The cells to validate with stay as
     * they come.
     *
     * @param folder the corpus
     * @param seed decides the order of the cells
     * @param weights the shares
     * @throws org.celllm.data.InputException when it is not a corpus, or damaged, or the weights name what it does not
     *     have
     */
    public static CorpusCells open(Path folder, long seed, SamplingWeights weights) throws IOException {
        Corpus corpus = Corpus.open(folder);
        try {
            return new CorpusCells(corpus, corpus.sampler(Split.TRAIN, seed, weights));
        } catch (Throwable e) {
            corpus.close();
            throw e;
        }
    }

    @Override
    public GeneVocabulary genes() {
        return corpus.genes();
    }

    @Override
    public long cells() {
        return sampler.cells();
    }

    @Override
    public int sources() {
        return corpus.sources();
    }

    @Override
    public int sourcesWithBoth() {
        return corpus.sourcesWithBoth();
    }

    @Override
    public long normal() {
        return corpus.diseases(Split.TRAIN).normal();
    }

    @Override
    public long cancer() {
        return corpus.diseases(Split.TRAIN).cancer();
    }

    @Override
    public long labelled() {
        return corpus.labelled(Split.TRAIN);
    }

    @Override
    public String sampling() {
        CorpusStrata strata = sampler.strata();
        return strata == null ? "" : strata.weights().text();
    }

    @Override
    public List<String> samplingNotes(int batch) {
        CorpusStrata strata = sampler.strata();
        return strata == null ? List.of() : SamplingNotes.of(strata, cells(), batch);
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
            return corpus.read(corpus.spread(Split.VALIDATION, most));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    @Override
    public String hash() {
        return corpus.hash();
    }

    @Override
    public JsonNode description() {
        return JSON.valueToTree(corpus.manifest());
    }

    @Override
    public void close() {
        try {
            corpus.close();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
