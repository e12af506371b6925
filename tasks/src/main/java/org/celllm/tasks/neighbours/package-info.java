/**
 * Labels without any training: a cell is called what the labelled cells are called that an encoder puts next to it.
 *
 * <p>{@link org.celllm.tasks.neighbours.LabelledReference} embeds the labelled cells; a {@link
 * org.celllm.tasks.neighbours.NeighbourSearch}, chosen by {@link org.celllm.tasks.neighbours.SearchIndex}, finds the nearest
 * of any others, one by one ({@link org.celllm.tasks.neighbours.ExactSearch}) or through graphs ({@link
 * org.celllm.tasks.neighbours.GraphSearch}); {@link org.celllm.tasks.neighbours.NeighbourVote} counts their labels, and
 * {@link org.celllm.tasks.neighbours.NeighbourFiles} writes it all down.
 */
@NullMarked
package org.celllm.tasks.neighbours;

import org.jspecify.annotations.NullMarked;
