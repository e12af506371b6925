/**
 * Measurements of speed and memory, each a program of its own that prints ratios beside the machine's limit in the same
 * run: {@link org.celllm.bench.CorpusBuildBenchmark} reading, {@link org.celllm.bench.EncoderBenchmark} the network's
 * passes over the same cells, {@link org.celllm.bench.LayerProfile} the parts of one layer, {@link org.celllm.bench.StepBenchmark} whole training steps over ever new cells;
 * of the divided step: {@link org.celllm.bench.KeptBenchmark} what
 * dividing costs, {@link org.celllm.bench.BatchBenchmark} memory and time by the batch (drawn by {@link org.celllm.bench.BatchFigure}),
 * {@link org.celllm.bench.ContrastBenchmark} its loss alone. Of data: {@link org.celllm.bench.MixingBenchmark} how well batches are mixed,
 * {@link org.celllm.bench.EpochBenchmark} how fast they are read. Of quality: {@link org.celllm.bench.PpiEmbeddingBenchmark} what embeddings
 * of genes know of held-out interactions, {@link org.celllm.bench.EmbeddingScores} what a simple classifier makes of embeddings of cells, {@link
 * org.celllm.bench.DiseaseTransfer} what it says of a source left out, {@link org.celllm.bench.GeneMappingTable} how many genes of
 * files are found.
 */
@NullMarked
package org.celllm.bench;

import org.jspecify.annotations.NullMarked;
