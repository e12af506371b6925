/** Writing files so that nothing is ever half written, opening texts that may be gzipped, and checksums ({@link
 * org.celllm.data.files.Sha256}). */
@NullMarked
package org.celllm.data.files;

import org.jspecify.annotations.NullMarked;
