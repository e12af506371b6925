/**
 * The CellLM network: a Performer encoder over the expressed genes of a cell, with its heads.
 *
 * <p>A tour. {@link org.celllm.network.NetworkConfig} says how large a network is, and
 * {@link org.celllm.network.Preset} names three sizes. {@link org.celllm.network.CellSequences} is what goes in: the
 * expressed genes of many cells and their expression tokens, laid end to end without padding.
 * {@link org.celllm.network.CellLanguageModel} holds the weights and turns sequences into encodings, logits and
 * representations, with or without a gradient; {@link org.celllm.network.Dropouts} are its masks, a pure function of
 * the cell and never of the chunk it travels in. The pieces: {@link org.celllm.network.CellEmbedding},
 * {@link org.celllm.network.EncoderLayer} and {@link org.celllm.network.attention.FavorAttention}; without padding and
 * dropout the layers are those of {@link org.celllm.network.FusedLayers}, or with a gradient of
 * {@link org.celllm.network.FusedTraining}, by {@link org.celllm.network.onednn}; a {@link org.celllm.network.RowSelection} says which
 * rows of the last one anybody reads. {@link org.celllm.network.TapedLayers} keeps
 * the graph of some layers and runs others again on the way back. Weights come from
 * and go to files through {@link org.celllm.network.weights}; threads, precision and native memory are the business
 * of {@link org.celllm.network.runtime}.
 *
 * <p>The method is CellLM (Zhao, Zhang, Nie: Large-Scale Cell Representation Learning via Divide-and-Conquer
 * Contrastive Learning, arXiv 2306.04371) on the Performer (Choromanski et al., arXiv 2009.14794).
 */
@NullMarked
package org.celllm.network;

import org.jspecify.annotations.NullMarked;
