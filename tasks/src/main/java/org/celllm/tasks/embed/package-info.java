/**
 * Cells to vectors. {@link org.celllm.tasks.embed.CellEmbedder} is the library's front door: open a model, hand over a
 * matrix or a file, get one row a cell. {@link org.celllm.tasks.embed.CellTokens} turns cells into the sequences that
 * the encoder reads; {@link org.celllm.tasks.embed.EmbeddingFiles} puts embeddings into a copy of the user's file,
 * in a run that can be cut off and go on ({@link org.celllm.tasks.pieces}).
 */
@NullMarked
package org.celllm.tasks.embed;

import org.jspecify.annotations.NullMarked;
