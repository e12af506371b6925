package org.celllm.data.anndata.write;

import java.io.IOException;

/** Takes the rows of a matrix one after the other. */
interface RowSink extends AutoCloseable {
    /** Writes the next {@code count} values (whole rows) of {@code values}. */
    void put(float[] values, int offset, int count) throws IOException;

    @Override
    void close() throws IOException;
}
