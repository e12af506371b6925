/**
 * Writing files so that nothing is ever half written, opening texts that may be gzipped, checksums ({@link
 * org.celllm.data.files.Sha256}), and unpacking native libraries when several processes start at once ({@link
 * org.celllm.data.files.NativeLibrary}).
 */
@NullMarked
package org.celllm.data.files;

import org.jspecify.annotations.NullMarked;
