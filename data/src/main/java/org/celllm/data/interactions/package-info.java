/**
 * Networks of genes that act together, from files of protein interactions: {@link
 * org.celllm.data.interactions.InteractionFile} reads STRING's own files and tables of symbol pairs, {@link
 * org.celllm.data.interactions.ProteinNames} what STRING calls its proteins, and {@link
 * org.celllm.data.interactions.GeneNetwork} is what comes out.
 */
@NullMarked
package org.celllm.data.interactions;

import org.jspecify.annotations.NullMarked;
