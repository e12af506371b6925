package org.celllm.data.anndata.write;

import static org.bytedeco.hdf5.global.hdf5.H5Aclose;
import static org.bytedeco.hdf5.global.hdf5.H5Acreate2;
import static org.bytedeco.hdf5.global.hdf5.H5Adelete;
import static org.bytedeco.hdf5.global.hdf5.H5Aexists;
import static org.bytedeco.hdf5.global.hdf5.H5Awrite;
import static org.bytedeco.hdf5.global.hdf5.H5P_DEFAULT;
import static org.bytedeco.hdf5.global.hdf5.H5R_OBJECT;
import static org.bytedeco.hdf5.global.hdf5.H5Rcreate;
import static org.bytedeco.hdf5.global.hdf5.H5Sclose;
import static org.bytedeco.hdf5.global.hdf5.H5Tclose;

import java.io.IOException;
import java.util.List;
import org.bytedeco.javacpp.BytePointer;
import org.bytedeco.javacpp.LongPointer;
import org.bytedeco.javacpp.Pointer;
import org.bytedeco.javacpp.PointerPointer;

/** A group or dataset of an HDF5 file that is being written, with its attributes. */
abstract class Hdf5Object implements AutoCloseable {
    /** The library's handle. */
    protected final long id;

    private final String path;

    protected Hdf5Object(long id, String path) {
        this.id = id;
        this.path = path;
    }

    /** Where it stands in the file. */
    final String path() {
        return path;
    }

    /** Sets a text attribute, variable-length UTF-8 as h5py writes it. */
    final void attribute(String name, String value) throws IOException {
        NativeHdf5.run(() -> {
            PointerPointer<BytePointer> texts = new PointerPointer<>(1);
            texts.put(0, NativeHdf5.utf8(value));
            attribute(name, Hdf5Types.text(), Hdf5Types.scalar(), texts);
        });
    }

    /** Sets an attribute that is a list of texts; an empty list is one of length 0, as h5py writes it. */
    final void attribute(String name, List<String> values) throws IOException {
        NativeHdf5.run(() -> {
            PointerPointer<BytePointer> texts = new PointerPointer<>(Math.max(1, values.size()));
            for (int i = 0; i < values.size(); i++) {
                texts.put(i, NativeHdf5.utf8(values.get(i)));
            }
            attribute(name, Hdf5Types.text(), Hdf5Types.space(values.size()), texts);
        });
    }

    /** Sets an attribute that is a list of 64-bit numbers. */
    final void attribute(String name, long... values) throws IOException {
        NativeHdf5.run(() -> {
            attribute(name, Hdf5Types.int64(), Hdf5Types.space(values.length), new LongPointer(values));
        });
    }

    /** Sets a truth value, an enumeration of FALSE and TRUE as h5py writes it. */
    final void attribute(String name, boolean value) throws IOException {
        NativeHdf5.run(() -> {
            attribute(
                    name, Hdf5Types.truth(), Hdf5Types.scalar(), new BytePointer(new byte[] {(byte) (value ? 1 : 0)}));
        });
    }

    /** Sets an attribute that refers to another object of the file. */
    final void reference(String name, Hdf5Object to) throws IOException {
        NativeHdf5.run(() -> {
            LongPointer reference = new LongPointer(1);
            NativeHdf5.check(
                    H5Rcreate(reference, to.id, NativeHdf5.utf8("."), H5R_OBJECT, -1), "referring to " + to.path());
            attribute(name, Hdf5Types.reference(), Hdf5Types.scalar(), reference);
        });
    }

    /** Whether it has that attribute. */
    final boolean hasAttribute(String name) throws IOException {
        return NativeHdf5.call(() -> {
            return NativeHdf5.check((long) H5Aexists(id, NativeHdf5.utf8(name)), "looking for " + name) > 0;
        });
    }

    /** Writes an attribute, replacing one of that name; closes {@code type} and {@code space}. */
    private void attribute(String name, long type, long space, Pointer value) throws IOException {
        String doing = "writing attribute " + name + " of " + path;
        try {
            if (hasAttribute(name)) {
                NativeHdf5.check(H5Adelete(id, NativeHdf5.utf8(name)), doing);
            }
            long attribute = NativeHdf5.check(
                    H5Acreate2(id, NativeHdf5.utf8(name), type, space, H5P_DEFAULT(), H5P_DEFAULT()), doing);
            try {
                NativeHdf5.check(H5Awrite(attribute, type, value), doing);
            } finally {
                NativeHdf5.check(H5Aclose(attribute), doing);
            }
        } finally {
            NativeHdf5.check(H5Sclose(space), doing);
            NativeHdf5.check(H5Tclose(type), doing);
        }
    }

    @Override
    public abstract void close() throws IOException;
}
