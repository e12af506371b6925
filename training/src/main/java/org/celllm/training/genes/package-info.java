/**
 * What the network knows of genes before it is trained: {@link org.celllm.training.genes.GeneCoexpression} reads it from
 * the cells, in the place of random numbers; {@link org.celllm.training.genes.ImportedGenes} takes what was learnt
 * elsewhere, such as from a network of interactions: {@link org.celllm.training.genes.network}.
 */
@NullMarked
package org.celllm.training.genes;

import org.jspecify.annotations.NullMarked;
