package org.celllm.data.anndata.write;

import static org.bytedeco.hdf5.global.hdf5.H5S_SCALAR;
import static org.bytedeco.hdf5.global.hdf5.H5Screate;
import static org.bytedeco.hdf5.global.hdf5.H5Screate_simple;
import static org.bytedeco.hdf5.global.hdf5.H5T_CSET_UTF8;
import static org.bytedeco.hdf5.global.hdf5.H5T_C_S1_g;
import static org.bytedeco.hdf5.global.hdf5.H5T_IEEE_F32LE_g;
import static org.bytedeco.hdf5.global.hdf5.H5T_IEEE_F64LE_g;
import static org.bytedeco.hdf5.global.hdf5.H5T_STD_I16LE_g;
import static org.bytedeco.hdf5.global.hdf5.H5T_STD_I32LE_g;
import static org.bytedeco.hdf5.global.hdf5.H5T_STD_I64LE_g;
import static org.bytedeco.hdf5.global.hdf5.H5T_STD_I8LE_g;
import static org.bytedeco.hdf5.global.hdf5.H5T_STD_REF_OBJ_g;
import static org.bytedeco.hdf5.global.hdf5.H5Tarray_create2;
import static org.bytedeco.hdf5.global.hdf5.H5Tcopy;
import static org.bytedeco.hdf5.global.hdf5.H5Tenum_create;
import static org.bytedeco.hdf5.global.hdf5.H5Tenum_insert;
import static org.bytedeco.hdf5.global.hdf5.H5Tset_cset;
import static org.bytedeco.hdf5.global.hdf5.H5Tset_size;

import java.io.IOException;
import org.bytedeco.javacpp.BytePointer;

/**
 * Number formats and shapes as h5py writes them; each call gives a handle of the caller's own, to be closed. The
 * constants without {@code _g} are truncated to 32 bits by the binding and must not be used.
 */
final class Hdf5Types {
    private static final long VARIABLE = -1;
    private static final long UNLIMITED = -1;

    private Hdf5Types() {}

    static long float32() throws IOException {
        return copy(H5T_IEEE_F32LE_g());
    }

    static long float64() throws IOException {
        return copy(H5T_IEEE_F64LE_g());
    }

    static long int8() throws IOException {
        return copy(H5T_STD_I8LE_g());
    }

    static long int16() throws IOException {
        return copy(H5T_STD_I16LE_g());
    }

    static long int32() throws IOException {
        return copy(H5T_STD_I32LE_g());
    }

    static long int64() throws IOException {
        return copy(H5T_STD_I64LE_g());
    }

    /** Variable-length UTF-8. */
    static long text() throws IOException {
        long type = copy(H5T_C_S1_g());
        NativeHdf5.check(H5Tset_size(type, VARIABLE), "making a text type");
        NativeHdf5.check(H5Tset_cset(type, H5T_CSET_UTF8), "making a text type");
        return type;
    }

    /** An enumeration over a byte: FALSE 0, TRUE 1. */
    static long truth() throws IOException {
        long type = NativeHdf5.check(H5Tenum_create(H5T_STD_I8LE_g()), "making a truth type");
        NativeHdf5.check(
                H5Tenum_insert(type, NativeHdf5.utf8("FALSE"), new BytePointer(new byte[] {0})), "making a truth type");
        NativeHdf5.check(
                H5Tenum_insert(type, NativeHdf5.utf8("TRUE"), new BytePointer(new byte[] {1})), "making a truth type");
        return type;
    }

    /** A row of so many 32-bit floats, as one field. */
    static long rowOfFloats(long columns) throws IOException {
        return NativeHdf5.check(H5Tarray_create2(H5T_IEEE_F32LE_g(), 1, columns), "making a row type");
    }

    /** A reference to an object of the file. */
    static long reference() throws IOException {
        return copy(H5T_STD_REF_OBJ_g());
    }

    static long scalar() throws IOException {
        return NativeHdf5.check(H5Screate(H5S_SCALAR), "making a shape");
    }

    /** A fixed shape. */
    static long space(long... sizes) throws IOException {
        return NativeHdf5.check(H5Screate_simple(sizes.length, sizes, sizes.clone()), "making a shape");
    }

    /** An empty list that can grow. */
    static long growing() throws IOException {
        return NativeHdf5.check(H5Screate_simple(1, new long[] {0}, UNLIMITED), "making a shape");
    }

    private static long copy(long type) throws IOException {
        return NativeHdf5.check(H5Tcopy(type), "making a type");
    }
}
