package org.celllm.tasks.drug;

import java.util.List;

/**
 * A drug's molecule.
 *
 * @param name the drug
 * @param smiles its canonical SMILES, the same however the molecule was written; without stereochemistry and isotopes
 * @param graph its heavy atoms and bonds
 * @param fingerprint the neighbourhoods of its atoms
 * @param descriptors what it is made of
 * @param notes what of the input was left out or read in a way worth knowing, a sentence each
 */
public record Molecule(
        String name,
        String smiles,
        MolecularGraph graph,
        MolecularFingerprint fingerprint,
        MolecularDescriptors descriptors,
        List<String> notes) {
    public Molecule {
        if (name.isBlank() || smiles.isBlank()) {
            throw new IllegalArgumentException("a molecule without a name or SMILES");
        }
        notes = List.copyOf(notes);
    }
}
