/**
 * Embeddings of genes from a network of interactions, by a masked graph autoencoder (Hou et al., arXiv 2205.10803).
 *
 * <p>In the order in which it happens: {@link org.celllm.training.genes.network.NetworkSpectrum} gives every gene features,
 * the leading eigenvectors of the network; {@link org.celllm.training.genes.network.GraphAutoencoder} hides those of half the genes
 * and learns to tell them from the neighbours', by layers of {@link org.celllm.training.genes.network.GraphAttention} over
 * {@link org.celllm.training.genes.network.GraphEdges}; {@link org.celllm.training.genes.network.GeneNetworkEmbedding} drives it
 * and makes the table.
 */
@NullMarked
package org.celllm.training.genes.network;

import org.jspecify.annotations.NullMarked;
