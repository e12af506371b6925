package org.celllm.data.matrix;

import java.io.IOException;
import java.nio.file.Path;
import org.celllm.data.anndata.AnnDataFile;
import org.celllm.data.hdf5.Hdf5File;

/** Opens files of expression of every format that is read. */
public final class ExpressionFiles {
    private ExpressionFiles() {}

    public static ExpressionFile open(Path path) throws IOException {
        Hdf5File file = Hdf5File.open(path);
        try {
            return AnnDataFile.of(file);
        } catch (RuntimeException e) {
            file.close();
            throw e;
        }
    }
}
