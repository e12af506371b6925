/**
 * Protocols that score methods honestly: fixed, written-out {@link org.celllm.tasks.evaluate.Split}s shared by all
 * methods, several seeds, intervals, paired differences. {@link org.celllm.tasks.evaluate.TwoFiles} learns on one file and tests on
 * another.
 */
@NullMarked
package org.celllm.tasks.evaluate;

import org.jspecify.annotations.NullMarked;
