/** Which gene is meant: vocabularies and identity. */
@NullMarked
package org.celllm.data.genes;

import org.jspecify.annotations.NullMarked;
