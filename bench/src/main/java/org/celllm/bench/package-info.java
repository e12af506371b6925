/**
 * Measurements of speed and memory, each a program of its own that prints ratios beside the machine's limit in the same
 * run: {@link org.celllm.bench.CorpusBuildBenchmark} reading, {@link org.celllm.bench.EncoderBenchmark} the network's
 * passes over the same cells, {@link org.celllm.bench.LayerProfile} the parts of one layer, {@link org.celllm.bench.StepBenchmark} whole training steps over ever new cells,
 * {@link org.celllm.bench.PpiEmbeddingBenchmark} what embeddings of genes know of held-out interactions.
 */
@NullMarked
package org.celllm.bench;

import org.jspecify.annotations.NullMarked;
