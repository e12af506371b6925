/** Randomness as a pure function of a key. */
@NullMarked
package org.celllm.data.random;

import org.jspecify.annotations.NullMarked;
