/** From values to expression tokens: the states values come in, and the bins. */
@NullMarked
package org.celllm.data.tokens;

import org.jspecify.annotations.NullMarked;
