/**
 * Writing AnnData files so that Python reads them: {@link org.celllm.data.anndata.write.H5adWriter} makes a new file,
 * its matrix streamed cell by cell; {@link org.celllm.data.anndata.write.H5adAppender} adds embeddings and columns to a
 * copy of a user's file and leaves everything else as it was.
 *
 * <p>Both write through the native HDF5 library, of which only the C functions are used ({@code NativeHdf5} says how),
 * and through {@link org.celllm.data.files.SafeFiles}: a full disk is an error and leaves nothing behind. Reading is
 * elsewhere, in pure Java, where a damaged file cannot bring the process down.
 */
@NullMarked
package org.celllm.data.anndata.write;

import org.jspecify.annotations.NullMarked;
