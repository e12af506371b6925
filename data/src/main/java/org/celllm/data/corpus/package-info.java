/**
 * The cells a model is trained on, gathered from many files into one folder over one gene vocabulary.
 *
 * <p>{@link org.celllm.data.corpus.CorpusBuilder} reads sources (files, folders, or a
 * {@link org.celllm.data.corpus.SourceList list} that gives each its disease, tissue and label) and writes shards, several
 * sources at once and, where a {@link org.celllm.data.corpus.BuildRun} says so, going on with a build that was cut off;
 * {@link org.celllm.data.corpus.Corpus} opens such a folder and reads any of its cells by position,
 * several places at once ({@code ReadsSideBySide});
 * {@link org.celllm.data.corpus.FileCells} reads them straight from files instead, and both are a
 * {@link org.celllm.data.corpus.CellStore};
 * {@link org.celllm.data.corpus.CorpusSampler} deals them out in random batches, each a pure function of the seed and
 * the step, every cell as often as every other or as {@link org.celllm.data.corpus.SamplingWeights} say;
 * {@link org.celllm.data.corpus.CorpusVerifier} checks every byte,
 * {@link org.celllm.data.corpus.CorpusSummary} says what its cells are like,
 * {@link org.celllm.data.corpus.TracedCell} where one came from, and
 * {@link org.celllm.data.corpus.CorpusDuplicates} finds cells that are in it twice.
 *
 * <p>The folder holds {@code manifest.json} (sizes, checksums, what each source gave and what filters removed),
 * {@code genes.tsv} and {@code shards/*.safetensors}. A shard has, for its cells in compressed sparse rows,
 * {@code indptr} I64, {@code gene} U16 and either {@code count} U16 with {@code large_at} and {@code large_count} for
 * counts of 65,535 and more, or {@code value} F32 where values are not counts; and for each cell {@code total} F64 (over
 * all genes of its file, before genes were mapped), {@code row} I64 (in its source), {@code disease} U8,
 * {@code tissue} U16 and, where a cell of the shard has a label, {@code label} U16. Tissues and labels are numbered from
 * 1 by the manifest's lists of their names; 0 is unknown, as is every label of a shard without that tensor.
 */
@NullMarked
package org.celllm.data.corpus;

import org.jspecify.annotations.NullMarked;
