/**
 * The memory budget: {@link org.celllm.training.memory.ChunkPlanner} measures what a position costs and divides
 * batches accordingly, on the cells that {@link org.celllm.training.memory.PlanProbe} picks; {@link org.celllm.training.memory.FreedMemory} gives back what was freed; {@link org.celllm.training.memory.Bytes} reads and writes sizes.
 */
@NullMarked
package org.celllm.training.memory;

import org.jspecify.annotations.NullMarked;
