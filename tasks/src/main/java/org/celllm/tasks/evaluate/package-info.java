/**
 * Protocols that score methods honestly: fixed, written-out {@link org.celllm.tasks.evaluate.Split}s shared by all
 * methods, several seeds, intervals, paired differences.
 */
@NullMarked
package org.celllm.tasks.evaluate;

import org.jspecify.annotations.NullMarked;
