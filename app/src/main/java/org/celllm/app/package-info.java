@NullMarked
package org.celllm.app;

import org.jspecify.annotations.NullMarked;
