/**
 * The heart of the project: the divided step. {@link org.celllm.training.contrast.ChunkPlan} says how a batch is
 * divided, {@link org.celllm.training.contrast.DivideAndConquer} computes the gradient of the undivided batch from
 * the parts, {@link org.celllm.training.contrast.StepResult} is what a step came to.
 */
@NullMarked
package org.celllm.training.contrast;

import org.jspecify.annotations.NullMarked;
