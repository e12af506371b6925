package org.celllm.tasks.drug.network;

/** How the vectors of a molecule's atoms become one. */
public enum MoleculePooling {
    /** Their sum: tells the number of atoms too, and molecules apart that the others do not. */
    SUM,
    /** Their mean. */
    MEAN
}
