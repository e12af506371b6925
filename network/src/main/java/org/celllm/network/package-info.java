@NullMarked
package org.celllm.network;

import org.jspecify.annotations.NullMarked;
