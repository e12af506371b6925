package org.celllm.tasks.drug;

import java.util.List;

/**
 * Under which titles the columns of a table of drugs are looked for, the first that is there counts.
 *
 * @param name of the drug's name
 * @param smiles of its SMILES
 */
public record DrugColumns(List<String> name, List<String> smiles) {
    /** The usual titles. */
    public static final DrugColumns USUAL = new DrugColumns(
            List.of("drug_name", "drugname", "name", "drug"),
            List.of("SMILES", "CanonicalSMILES", "canonical_smiles", "IsomericSMILES", "isomeric_smiles"));

    public DrugColumns {
        name = List.copyOf(name);
        smiles = List.copyOf(smiles);
        if (name.isEmpty() || smiles.isEmpty()) {
            throw new IllegalArgumentException("a column without a title");
        }
    }
}
