/**
 * What the model sees of a cell in training. {@link org.celllm.training.views.ViewSettings} says how much is hidden,
 * thinned and masked; {@link org.celllm.training.views.CellViews} does it, as a pure function of (seed, step, cell,
 * view); {@link org.celllm.training.views.ViewedCells} is what the encoder then reads.
 */
@NullMarked
package org.celllm.training.views;

import org.jspecify.annotations.NullMarked;
