@NullMarked
package org.celllm.data;

import org.jspecify.annotations.NullMarked;
