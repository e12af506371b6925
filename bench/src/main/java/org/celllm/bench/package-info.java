@NullMarked
package org.celllm.bench;

import org.jspecify.annotations.NullMarked;
