@NullMarked
package org.celllm.tasks;

import org.jspecify.annotations.NullMarked;
