/**
 * Which gene is meant. {@link org.celllm.data.genes.IdentityTables} are the files that say it: approved names
 * ({@link org.celllm.data.genes.HgncTable}), ids and their names ({@link org.celllm.data.genes.GencodeTable}), mouse genes
 * ({@link org.celllm.data.genes.OrthologueTable}). {@link org.celllm.data.genes.GeneIdentity} takes every name of a file for
 * a gene or for none ({@link org.celllm.data.genes.GeneResolution}), never for one of several, and maps genes to a
 * {@link org.celllm.data.genes.GeneVocabulary}; {@link org.celllm.data.genes.GeneReport} counts what became of the names.
 * {@link org.celllm.data.genes.GeneTable} holds embeddings of genes.
 */
@NullMarked
package org.celllm.data.genes;

import org.jspecify.annotations.NullMarked;
