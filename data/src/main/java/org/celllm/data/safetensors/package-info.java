/**
 * Tensors in files that cannot run code: the safetensors format, read and written by hand because it is small enough to
 * be checked completely. Model weights and corpus shards are both stored in it, so that Python reads them too.
 *
 * <p>{@link org.celllm.data.safetensors.SafetensorsFile} opens a file and reads any part of any tensor by position
 * into arrays of the caller; {@link org.celllm.data.safetensors.SafetensorsWriter} writes
 * {@link org.celllm.data.safetensors.TensorSource tensors} one after the other without holding them all.
 * {@link org.celllm.data.safetensors.StoredType} names the number formats.
 *
 * <p>The layout: eight bytes with the length of the header, the header as JSON (name → type, shape, byte range), then
 * the values in little endian, with neither gaps nor overlaps.
 */
@NullMarked
package org.celllm.data.safetensors;

import org.jspecify.annotations.NullMarked;
