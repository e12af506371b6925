/**
 * Weights in files.
 *
 * <p>{@link org.celllm.network.weights.ModelFolder} writes and reads a model: {@code config.json},
 * {@code model.safetensors}, {@code genes.tsv} and {@code provenance.json}.
 * {@link org.celllm.network.weights.PyTorchCheckpoint} opens the {@code .pth} files of the published network: a zip of
 * raw numbers beside a pickle, which {@link org.celllm.network.weights.PickleReader} reads with a dozen opcodes and an
 * allow-list of four names, so that nothing in a checkpoint can run.
 * {@link org.celllm.network.weights.PublishedWeights} finds the network's size in the shapes of its weights and builds
 * the model; {@link org.celllm.network.weights.PublishedClassifier} is the cell-type classifier beside it.
 * {@link org.celllm.network.weights.TensorBytes} moves single tensors between files and native memory.
 */
@NullMarked
package org.celllm.network.weights;

import org.jspecify.annotations.NullMarked;
