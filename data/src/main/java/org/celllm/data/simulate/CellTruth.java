package org.celllm.data.simulate;

/**
 * What is true of one simulated cell.
 *
 * @param type number of its type
 * @param donor number of its donor
 * @param malignant whether it is a malignant variant of its type
 * @param resistant whether it resists the drug; only malignant cells do
 * @param identity strength of its type's programme, 0 to 1
 * @param counts expected counts
 */
public record CellTruth(int type, int donor, boolean malignant, boolean resistant, double identity, double counts) {}
