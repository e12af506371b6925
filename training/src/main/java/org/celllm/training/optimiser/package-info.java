/** How weights move: {@link org.celllm.training.optimiser.AdamW} and its learning rate over the run. */
@NullMarked
package org.celllm.training.optimiser;

import org.jspecify.annotations.NullMarked;
