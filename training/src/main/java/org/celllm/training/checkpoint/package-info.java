/**
 * Saving a run so that it goes on bit for bit: {@link org.celllm.training.checkpoint.CheckpointStore} keeps the newest
 * and the best, and finds the newest valid one.
 */
@NullMarked
package org.celllm.training.checkpoint;

import org.jspecify.annotations.NullMarked;
