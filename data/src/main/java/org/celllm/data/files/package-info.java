/** Writing files so that nothing is ever half written. */
@NullMarked
package org.celllm.data.files;

import org.jspecify.annotations.NullMarked;
