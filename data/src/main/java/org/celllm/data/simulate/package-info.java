/**
 * Simulated tissue with known truth, for demonstrations, tests and benchmarks of any size.
 *
 * <p>{@link org.celllm.data.simulate.SimulationSettings} says how many cells and of what tissue,
 * {@link org.celllm.data.simulate.Simulator} makes cells and streams them to an {@code .h5ad} file. What is known about
 * the tissue before any cell is drawn (which genes each type expresses, how near types are to each other, what
 * malignancy and resistance change) is a {@code Tissue}; what a donor and batch add is a {@code Donor}.
 *
 * <p>Each cell is a pure function of the seed and its number, so any range of cells can be made in any order.
 */
@NullMarked
package org.celllm.data.simulate;

import org.jspecify.annotations.NullMarked;
