package org.celllm.data.anndata.write;

import java.io.IOException;

/** A call into the native HDF5 library failed; the message has the library's own words. */
final class Hdf5Exception extends IOException {
    private static final long serialVersionUID = 1L;

    Hdf5Exception(String message) {
        super(message);
    }

    /** Whether the operating system had no room left. */
    boolean isFullDisk() {
        String words = String.valueOf(getMessage());
        return words.contains("No space left") || words.contains("Disk quota") || words.contains("File too large");
    }
}
