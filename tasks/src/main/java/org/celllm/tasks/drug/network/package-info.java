/**
 * Embeds molecules: {@link org.celllm.tasks.drug.network.MoleculeBatch} lays graphs end to end, {@link
 * org.celllm.tasks.drug.network.GraphIsomorphismNetwork} makes a vector of each, as {@link
 * org.celllm.tasks.drug.network.MoleculeNetworkSettings} say, pooled over the atoms by {@link
 * org.celllm.tasks.drug.network.MoleculePooling}.
 */
@NullMarked
package org.celllm.tasks.drug.network;

import org.jspecify.annotations.NullMarked;
