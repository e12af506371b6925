/**
 * From files of users to cells that a network or a classifier can take. This module knows nothing of networks.
 *
 * <p>The tour, in the direction the data flow: {@link org.celllm.data.anndata}, {@link org.celllm.data.tenx} and {@link
 * org.celllm.data.table} read files of every format through the one interface of {@link org.celllm.data.matrix} ({@link
 * org.celllm.data.hdf5} and {@link org.celllm.data.safetensors} are the containers beneath). {@link
 * org.celllm.data.genes} finds which gene each column means, {@link org.celllm.data.tokens} what state the values are in
 * and which expression token each becomes; {@link org.celllm.data.inspect} tells people both. {@link
 * org.celllm.data.cells} holds prepared cells, {@link org.celllm.data.corpus} keeps and samples millions of them, {@link
 * org.celllm.data.features} makes plain features of them, and {@link org.celllm.data.simulate} makes cells of known truth.
 * Everywhere: {@link org.celllm.data.files} for writing safely, {@link org.celllm.data.random} for randomness by key, {@link
 * org.celllm.data.progress} for saying how far work is, {@link org.celllm.data.InputException} for what cannot be used.
 */
@NullMarked
package org.celllm.data;

import org.jspecify.annotations.NullMarked;
