package org.celllm.data.anndata.write;

import static org.bytedeco.hdf5.global.hdf5.H5Dcreate2;
import static org.bytedeco.hdf5.global.hdf5.H5Gclose;
import static org.bytedeco.hdf5.global.hdf5.H5Gcreate2;
import static org.bytedeco.hdf5.global.hdf5.H5Gopen2;
import static org.bytedeco.hdf5.global.hdf5.H5Ldelete;
import static org.bytedeco.hdf5.global.hdf5.H5Lexists;
import static org.bytedeco.hdf5.global.hdf5.H5Lmove;
import static org.bytedeco.hdf5.global.hdf5.H5P_CLS_DATASET_CREATE_ID_g;
import static org.bytedeco.hdf5.global.hdf5.H5P_DEFAULT;
import static org.bytedeco.hdf5.global.hdf5.H5Pclose;
import static org.bytedeco.hdf5.global.hdf5.H5Pcreate;
import static org.bytedeco.hdf5.global.hdf5.H5Pset_chunk;
import static org.bytedeco.hdf5.global.hdf5.H5Pset_deflate;
import static org.bytedeco.hdf5.global.hdf5.H5Pset_obj_track_times;
import static org.bytedeco.hdf5.global.hdf5.H5Sclose;
import static org.bytedeco.hdf5.global.hdf5.H5Tclose;

import java.io.IOException;
import java.util.List;

/** A group of an HDF5 file that is being written. */
class Hdf5Group extends Hdf5Object {
    private static final int TEXTS_A_PIECE = 4096;

    Hdf5Group(long id, String path) {
        super(id, path);
    }

    /** Gives a new handle of a number format. */
    @FunctionalInterface
    interface Type {
        long open() throws IOException;
    }

    /** Makes a group below this one. */
    final Hdf5Group makeGroup(String name) throws IOException {
        return NativeHdf5.call(() -> {
            long made = NativeHdf5.check(
                    H5Gcreate2(id, NativeHdf5.utf8(name), H5P_DEFAULT(), H5P_DEFAULT(), H5P_DEFAULT()),
                    "making the group " + below(name));
            return new Hdf5Group(made, below(name));
        });
    }

    /** Opens a group below this one. */
    final Hdf5Group openGroup(String name) throws IOException {
        return NativeHdf5.call(() -> {
            long opened = NativeHdf5.check(
                    H5Gopen2(id, NativeHdf5.utf8(name), H5P_DEFAULT()), "opening the group " + below(name));
            return new Hdf5Group(opened, below(name));
        });
    }

    /** Whether something of that name stands directly in this group. */
    final boolean has(String name) throws IOException {
        return NativeHdf5.call(() -> {
            return NativeHdf5.check(
                            (long) H5Lexists(id, NativeHdf5.utf8(name), H5P_DEFAULT()), "looking for " + below(name))
                    > 0;
        });
    }

    /** Takes something out of the group; its space in the file is not won back. */
    final void delete(String name) throws IOException {
        NativeHdf5.run(() -> {
            NativeHdf5.check(H5Ldelete(id, NativeHdf5.utf8(name), H5P_DEFAULT()), "removing " + below(name));
        });
    }

    /** Makes a dataset of a fixed shape, to be filled from its first row on. */
    final Hdf5Dataset makeDataset(String name, Type type, long... shape) throws IOException {
        return NativeHdf5.call(() -> {
            return make(
                    name, type.open(), Hdf5Types.space(shape), 0, 0, shape.length < 2 ? Hdf5Dataset.LIST : shape[1]);
        });
    }

    /**
     * Makes an empty list that grows, compressed.
     *
     * @param chunk values a chunk
     * @param gzip level 1 to 9, or 0 for none
     */
    final Hdf5Dataset makeGrowing(String name, Type type, int chunk, int gzip) throws IOException {
        return NativeHdf5.call(() -> make(name, type.open(), Hdf5Types.growing(), chunk, gzip, Hdf5Dataset.LIST));
    }

    /** Makes a dataset of texts. */
    final Hdf5Dataset makeTexts(String name, List<String> values) throws IOException {
        Hdf5Dataset dataset = makeDataset(name, Hdf5Types::text, values.size());
        for (int i = 0; i < values.size(); i += TEXTS_A_PIECE) {
            List<String> piece = values.subList(i, Math.min(values.size(), i + TEXTS_A_PIECE));
            dataset.put(piece, piece.size());
        }
        return dataset;
    }

    /** Writes a whole list of texts; an empty {@code encoding} is left out. */
    final void texts(String name, List<String> values, String encoding) throws IOException {
        try (Hdf5Dataset dataset = makeTexts(name, values)) {
            if (!encoding.isEmpty()) {
                dataset.attribute("encoding-type", encoding);
                dataset.attribute("encoding-version", "0.2.0");
            }
        }
    }

    /** Gives something another name in the same group. */
    final void rename(String from, String to) throws IOException {
        NativeHdf5.run(() -> {
            NativeHdf5.check(
                    H5Lmove(id, NativeHdf5.utf8(from), id, NativeHdf5.utf8(to), H5P_DEFAULT(), H5P_DEFAULT()),
                    "renaming " + below(from));
        });
    }

    /** The handle, for the classes of this package that call the library themselves. */
    final long handle() {
        return id;
    }

    /** Writes a single text, encoded as anndata does. */
    final void text(String name, String value) throws IOException {
        NativeHdf5.run(() -> {
            try (Hdf5Dataset dataset = make(name, Hdf5Types.text(), Hdf5Types.scalar(), 0, 0, Hdf5Dataset.SCALAR)) {
                dataset.put(List.of(value), 1);
                dataset.attribute("encoding-type", "string");
                dataset.attribute("encoding-version", "0.2.0");
            }
        });
    }

    /**
     * Makes a dataset without times in it: the same content gives the same bytes. Closes {@code type} and {@code space}.
     *
     * @param chunk values a chunk of a list that grows, 0 for a fixed shape
     */
    private Hdf5Dataset make(String name, long type, long space, int chunk, int gzip, long columns) throws IOException {
        String doing = "making " + below(name);
        try {
            long properties = NativeHdf5.check(H5Pcreate(H5P_CLS_DATASET_CREATE_ID_g()), doing);
            try {
                NativeHdf5.check(H5Pset_obj_track_times(properties, false), doing);
                if (chunk > 0) {
                    NativeHdf5.check(H5Pset_chunk(properties, 1, chunk), doing);
                }
                if (gzip > 0) {
                    NativeHdf5.check(H5Pset_deflate(properties, gzip), doing);
                }
                long made = NativeHdf5.check(
                        H5Dcreate2(id, NativeHdf5.utf8(name), type, space, H5P_DEFAULT(), properties, H5P_DEFAULT()),
                        doing);
                return new Hdf5Dataset(made, below(name), chunk > 0, columns);
            } finally {
                NativeHdf5.check(H5Pclose(properties), doing);
            }
        } finally {
            NativeHdf5.check(H5Sclose(space), doing);
            NativeHdf5.check(H5Tclose(type), doing);
        }
    }

    private String below(String name) {
        return path().equals("/") ? "/" + name : path() + "/" + name;
    }

    @Override
    public void close() throws IOException {
        NativeHdf5.run(() -> {
            NativeHdf5.check(H5Gclose(id), "closing " + path());
        });
    }
}
