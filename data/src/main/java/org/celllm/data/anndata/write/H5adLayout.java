package org.celllm.data.anndata.write;

import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import org.celllm.data.InputException;
import org.celllm.data.anndata.AnnDataFile;
import org.celllm.data.hdf5.Hdf5File;
import org.celllm.data.hdf5.Hdf5Group;

/**
 * How a file is laid out where it is to be added to, read in pure Java before the native library touches it.
 *
 * @param cells cells
 * @param columns order of the columns of {@code obs}
 * @param obsNames what stands in the group {@code obs}; empty where it is a compound table
 * @param obs form of {@code obs}
 * @param obsm form of {@code obsm}
 * @param obsmNames matrices in the group {@code obsm}; empty where it is another form
 * @param encoded whether objects say their encoding (since anndata 0.8)
 * @param hasUns whether there is a group {@code uns}
 */
record H5adLayout(
        int cells,
        List<String> columns,
        List<String> obsNames,
        Frame obs,
        Matrices obsm,
        List<String> obsmNames,
        boolean encoded,
        boolean hasUns) {
    /** How a data frame is stored. */
    enum Frame {
        /** A group with a group for every column of categories: anndata 0.8 and later. */
        ENCODED,
        /** A group with {@code __categories}: anndata 0.7. */
        REFERENCED,
        /** One compound dataset, categories in {@code uns}: before 0.7. */
        COMPOUND
    }

    /** How the matrices of the cells are stored. */
    enum Matrices {
        /** Not at all. */
        MISSING,
        /** A group. */
        GROUP,
        /** One compound dataset with a field for each: before 0.7. */
        COMPOUND
    }

    /**
     * Reads the layout.
     *
     * @throws InputException when the file is no AnnData file, or damaged
     */
    static H5adLayout of(Path path) throws IOException {
        try (Hdf5File file = Hdf5File.open(path)) {
            AnnDataFile read = AnnDataFile.of(file);
            Hdf5Group root = file.root();
            Hdf5Group obs = root.group("obs");
            Hdf5Group obsm = root.group("obsm");
            Frame frame = obs == null
                    ? Frame.COMPOUND
                    : "0.2.0".equals(obs.attributes().string("encoding-version")) ? Frame.ENCODED : Frame.REFERENCED;
            return new H5adLayout(
                    read.cellCount(),
                    obs == null ? List.of() : obs.attributes().strings("column-order"),
                    obs == null ? List.of() : obs.names(),
                    frame,
                    obsm != null ? Matrices.GROUP : root.has("obsm") ? Matrices.COMPOUND : Matrices.MISSING,
                    obsm == null ? List.of() : obsm.names(),
                    root.attributes().has("encoding-type"),
                    root.group("uns") != null);
        }
    }
}
