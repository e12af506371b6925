package org.celllm.data.corpus;

import java.io.IOException;
import java.util.Collection;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import java.util.stream.LongStream;
import org.celllm.data.InputException;
import org.celllm.data.cells.CellBatch;
import org.celllm.data.cells.Disease;
import org.celllm.data.progress.Progress;

/**
 * What the cells of a corpus are like: how many genes they express, what their values sum to, of which disease and
 * tissue they are, and in how many of them each gene is expressed. All cells are read once; held are histograms of each
 * source and three numbers a gene, however many cells there are. A pure function of the corpus, whatever the number of
 * threads.
 */
public final class CorpusSummary {
    private static final int CELLS_AT_ONCE = 1024;

    private final Corpus corpus;
    /** [sources] cells of each disease. */
    private final List<Map<Disease, Cells>> groups;
    /** [tissues + 1][diseases] cells, by the tissue's number and the disease's code. */
    private final long[][] tissues;
    /** [genes] cells that express it. */
    private final long[] expressing;

    /** Cells of one source and disease. */
    private static final class Cells {
        private final OctaveHistogram genes = new OctaveHistogram();
        private final OctaveHistogram totals = new OctaveHistogram();
    }

    private CorpusSummary(Corpus corpus) {
        this.corpus = corpus;
        this.groups = corpus.manifest().sources().stream()
                .map(source -> (Map<Disease, Cells>) new EnumMap<Disease, Cells>(Disease.class))
                .toList();
        this.tissues = new long[corpus.manifest().tissues().size() + 1][Disease.values().length];
        this.expressing = new long[corpus.genes().size()];
    }

    /**
     * Reads all cells.
     *
     * @param threads that read
     * @throws InputException when a shard is damaged
     */
    public static CorpusSummary of(Corpus corpus, int threads, Progress progress) throws IOException {
        CorpusSummary summary = new CorpusSummary(corpus);
        List<Long> firsts = LongStream.iterate(0, first -> first < corpus.cells(), first -> first + CELLS_AT_ONCE)
                .boxed()
                .toList();
        try (Progress.Task task = progress.start("Reading cells", "cells", corpus.cells())) {
            SourceWorkers.each(firsts, threads, first -> {
                int count = (int) Math.min(CELLS_AT_ONCE, corpus.cells() - first);
                CellBatch batch = corpus.read(first, count);
                summary.add(batch, corpus.tissues(first, count), summary.count(batch));
                task.advance(count);
                return count;
            });
        }
        return summary;
    }

    /** Shared by all threads: called with what each has counted by itself. */
    private synchronized void add(CellBatch batch, char[] tissue, int[] expressingHere) {
        for (int cell = 0; cell < batch.cells(); cell++) {
            Disease disease = Disease.of(batch.disease()[cell]);
            Cells cells = groups.get(batch.source()[cell]).computeIfAbsent(disease, none -> new Cells());
            cells.genes.add(batch.length(cell));
            cells.totals.add(batch.totals()[cell]);
            tissues[tissue[cell]][disease.code()]++;
        }
        for (int gene = 0; gene < expressing.length; gene++) {
            expressing[gene] += expressingHere[gene];
        }
    }

    /** [genes] cells of a batch that express each. */
    private int[] count(CellBatch batch) {
        int[] cells = new int[expressing.length];
        for (int cell = 0; cell < batch.cells(); cell++) {
            for (int i = batch.offsets()[cell]; i < batch.offsets()[cell + 1]; i++) {
                if (batch.genes()[i] >= cells.length) {
                    throw damaged(batch.rows()[cell], "gene " + (int) batch.genes()[i] + " is not in the vocabulary");
                }
                cells[batch.genes()[i]]++;
            }
            if (!Double.isFinite(batch.totals()[cell])) {
                throw damaged(batch.rows()[cell], "its total is " + batch.totals()[cell]);
            }
        }
        return cells;
    }

    private InputException damaged(long cell, String found) {
        return InputException.about(corpus.folder())
                .at("cell " + cell)
                .found(found)
                .remedy("Run 'celllm corpus verify', and build the corpus again")
                .build();
    }

    /** Expressed genes of the vocabulary, one number a cell. */
    public OctaveHistogram genes() {
        return merged(groups, cells -> cells.genes);
    }

    /** The same of the cells of one disease. */
    public OctaveHistogram genes(Disease disease) {
        return merged(groups, disease, cells -> cells.genes);
    }

    /** The same of the cells of one source, by its index. */
    public OctaveHistogram genes(int source) {
        return merged(List.of(groups.get(source)), cells -> cells.genes);
    }

    /**
     * What the values of a cell sum to over all genes of its file, logarithms undone: its counts, where its file has
     * counts.
     */
    public OctaveHistogram totals() {
        return merged(groups, cells -> cells.totals);
    }

    /** The same of the cells of one disease. */
    public OctaveHistogram totals(Disease disease) {
        return merged(groups, disease, cells -> cells.totals);
    }

    /** The same of the cells of one source, by its index. */
    public OctaveHistogram totals(int source) {
        return merged(List.of(groups.get(source)), cells -> cells.totals);
    }

    /**
     * Cells of a tissue and disease.
     *
     * @param tissue its place in the manifest's list counted from 1, 0 for unknown
     */
    public long cells(int tissue, Disease disease) {
        return tissues[tissue][disease.code()];
    }

    /** Cells that express a gene, by its place in the vocabulary. */
    public long expressing(int gene) {
        return expressing[gene];
    }

    /** Of the genes that some cell expresses, by how many cells; one number a gene. */
    public OctaveHistogram detection() {
        OctaveHistogram cells = new OctaveHistogram();
        LongStream.of(expressing).filter(count -> count > 0).forEach(cells::add);
        return cells;
    }

    /** Genes that a share of the cells, from {@code from} to below {@code to}, expresses. */
    public long genesBetween(double from, double to) {
        return LongStream.of(expressing)
                .filter(cells -> cells >= from * corpus.cells() && cells < to * corpus.cells())
                .count();
    }

    /** Genes that no cell expresses. */
    public long genesUnexpressed() {
        return LongStream.of(expressing).filter(cells -> cells == 0).count();
    }

    /** Bytes of the files that hold the cells. */
    public long bytes() {
        return corpus.manifest().shards().stream()
                .mapToLong(CorpusManifest.Shard::bytes)
                .sum();
    }

    /** The share of zeros in the matrix of all cells over all genes of the vocabulary; NaN when it is empty. */
    public double sparsity() {
        return sparsity(corpus.cells(), corpus.manifest().nonzeros());
    }

    /** The same of one source's cells. */
    public double sparsity(int source) {
        SourceReport report = corpus.manifest().sources().get(source);
        return sparsity(report.cellsKept(), report.nonzeros());
    }

    private double sparsity(long cells, long values) {
        return 1 - values / ((double) cells * corpus.genes().size());
    }

    private static OctaveHistogram merged(
            Collection<Map<Disease, Cells>> groups, Function<Cells, OctaveHistogram> which) {
        OctaveHistogram all = new OctaveHistogram();
        groups.forEach(bySource -> bySource.values().forEach(cells -> all.add(which.apply(cells))));
        return all;
    }

    private static OctaveHistogram merged(
            Collection<Map<Disease, Cells>> groups, Disease disease, Function<Cells, OctaveHistogram> which) {
        OctaveHistogram all = new OctaveHistogram();
        for (Map<Disease, Cells> bySource : groups) {
            Cells cells = bySource.get(disease);
            if (cells != null) {
                all.add(which.apply(cells));
            }
        }
        return all;
    }
}
