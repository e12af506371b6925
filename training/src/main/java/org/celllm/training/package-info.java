@NullMarked
package org.celllm.training;

import org.jspecify.annotations.NullMarked;
