/** How long work says how far it is. */
@NullMarked
package org.celllm.data.progress;

import org.jspecify.annotations.NullMarked;
