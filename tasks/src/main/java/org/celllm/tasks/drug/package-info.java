/**
 * Drugs as a network can read them.
 *
 * <p>The tour: {@link org.celllm.tasks.drug.DrugTable} reads a table of names and SMILES; {@link
 * org.celllm.tasks.drug.SmilesReader} turns one SMILES into a {@link org.celllm.tasks.drug.Molecule}: its canonical SMILES, its
 * {@link org.celllm.tasks.drug.MolecularGraph} of {@link org.celllm.tasks.drug.AtomFeatures} and {@link
 * org.celllm.tasks.drug.BondFeatures}, its {@link org.celllm.tasks.drug.MolecularFingerprint}, its {@link
 * org.celllm.tasks.drug.MolecularDescriptors}, and notes on what was left out. {@link
 * org.celllm.tasks.drug.MoleculeSimilarity} says how alike two molecules are. {@code org.celllm.tasks.drug.network} embeds batches
 * of graphs.
 *
 * <p>Chemistry is read by the Chemistry Development Kit (Willighagen et al., J. Cheminform. 9:33, 2017); none of its types
 * leaves this package.
 */
@NullMarked
package org.celllm.tasks.drug;

import org.jspecify.annotations.NullMarked;
