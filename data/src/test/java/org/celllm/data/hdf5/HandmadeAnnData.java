package org.celllm.data.hdf5;

import java.util.List;
import org.celllm.data.matrix.RandomMatrix;

/** The parts of AnnData files, for tests. */
public final class HandmadeAnnData {
    private HandmadeAnnData() {}

    /** A sparse group in the encoding since 0.7. */
    public static void sparse(HandmadeHdf5 file, String name, RandomMatrix matrix, boolean byRow) {
        RandomMatrix.Compressed arrays = (byRow ? matrix : matrix.transposed()).compressed();
        sparse(file, name, arrays, byRow ? "csr_matrix" : "csc_matrix", matrix.cells(), matrix.genes());
    }

    /** A sparse group of given arrays. */
    public static void sparse(
            HandmadeHdf5 file, String name, RandomMatrix.Compressed arrays, String encoding, int cells, int genes) {
        file.floats(name + "/data", arrays.data())
                .ints(name + "/indices", arrays.indices())
                .ints(name + "/indptr", arrays.starts())
                .attribute(name, "encoding-type", encoding)
                .attribute(name, "encoding-version", "0.1.0")
                .attribute(name, "shape", cells, genes);
    }

    /** A dense matrix. */
    public static void dense(HandmadeHdf5 file, String name, RandomMatrix matrix) {
        file.floats(name, matrix.flat(), matrix.cells(), matrix.genes());
    }

    /** A table with nothing but names. */
    public static void frame(HandmadeHdf5 file, String name, List<String> names) {
        file.strings(name + "/_index", names)
                .attribute(name, "_index", "_index")
                .attribute(name, "encoding-type", "dataframe")
                .attribute(name, "encoding-version", "0.2.0");
    }

    /** The root's attributes and both tables. */
    public static void around(HandmadeHdf5 file, int cells, int genes) {
        file.attribute("", "encoding-type", "anndata").attribute("", "encoding-version", "0.1.0");
        frame(file, "obs", RandomMatrix.names("cell", cells));
        frame(file, "var", RandomMatrix.names("gene", genes));
    }
}
