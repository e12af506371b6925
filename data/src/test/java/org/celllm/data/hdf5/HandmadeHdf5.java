package org.celllm.data.hdf5;

import static org.bytedeco.hdf5.global.hdf5.*;

import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import java.util.function.Consumer;
import org.bytedeco.javacpp.BytePointer;
import org.bytedeco.javacpp.DoublePointer;
import org.bytedeco.javacpp.FloatPointer;
import org.bytedeco.javacpp.IntPointer;
import org.bytedeco.javacpp.LongPointer;
import org.bytedeco.javacpp.Pointer;
import org.bytedeco.javacpp.PointerPointer;
import org.bytedeco.javacpp.PointerScope;

/**
 * Makes HDF5 files of any dialect for tests, by the C library itself and without any code of the readers under test.
 * Names are paths: {@code "X/data"} makes the group {@code X} when it is not there.
 */
public final class HandmadeHdf5 {
    private final long file;
    private int chunk;
    private int gzip;

    private HandmadeHdf5(long file) {
        this.file = file;
    }

    /** Makes a file. */
    @SuppressWarnings("try")
    public static Path write(Path path, Consumer<HandmadeHdf5> content) {
        synchronized (HandmadeHdf5.class) {
            H5open();
            try (PointerScope scope = new PointerScope()) {
                long id = check(H5Fcreate(path.toString(), H5F_ACC_TRUNC, H5P_DEFAULT(), H5P_DEFAULT()));
                try {
                    content.accept(new HandmadeHdf5(id));
                } finally {
                    H5Fclose(id);
                }
            }
        }
        return path;
    }

    /** From here on datasets of one or two dimensions are stored in chunks; {@code rows} 0 turns it off. */
    public HandmadeHdf5 chunked(int rows, int level) {
        this.chunk = rows;
        this.gzip = level;
        return this;
    }

    public HandmadeHdf5 group(String name) {
        String made = "";
        for (String step : name.split("/")) {
            made = made.isEmpty() ? step : made + "/" + step;
            if (H5Lexists(file, made, H5P_DEFAULT()) <= 0) {
                check(H5Gclose(check(H5Gcreate2(file, made, H5P_DEFAULT(), H5P_DEFAULT(), H5P_DEFAULT()))));
            }
        }
        return this;
    }

    public HandmadeHdf5 floats(String name, float[] values, long... shape) {
        return dataset(
                name, H5T_IEEE_F32LE_g(), H5T_IEEE_F32LE_g(), new FloatPointer(values), shapeOf(shape, values.length));
    }

    public HandmadeHdf5 doubles(String name, double... values) {
        return dataset(
                name, H5T_IEEE_F64LE_g(), H5T_IEEE_F64LE_g(), new DoublePointer(values), new long[] {values.length});
    }

    /** Whole numbers, stored as {@code stored}, such as {@code H5T_STD_I16BE_g()}. */
    public HandmadeHdf5 longs(String name, long stored, long[] values, long... shape) {
        return dataset(name, stored, H5T_STD_I64LE_g(), new LongPointer(values), shapeOf(shape, values.length));
    }

    public HandmadeHdf5 ints(String name, int[] values, long... shape) {
        return dataset(
                name, H5T_STD_I32LE_g(), H5T_STD_I32LE_g(), new IntPointer(values), shapeOf(shape, values.length));
    }

    /** Truth values as h5py stores them. */
    public HandmadeHdf5 truths(String name, boolean... values) {
        long type = check(H5Tenum_create(H5T_STD_I8LE_g()));
        check(H5Tenum_insert(type, new BytePointer("FALSE"), new BytePointer(new byte[] {0})));
        check(H5Tenum_insert(type, new BytePointer("TRUE"), new BytePointer(new byte[] {1})));
        byte[] bytes = new byte[values.length];
        for (int i = 0; i < bytes.length; i++) {
            bytes[i] = (byte) (values[i] ? 1 : 0);
        }
        return dataset(name, type, type, new BytePointer(bytes), new long[] {values.length});
    }

    /** Strings of variable length. */
    public HandmadeHdf5 strings(String name, List<String> values) {
        long type = variable();
        PointerPointer<BytePointer> pointers = new PointerPointer<>(Math.max(1L, values.size()));
        for (int i = 0; i < values.size(); i++) {
            pointers.put(i, zeroEnded(values.get(i)));
        }
        return dataset(name, type, type, pointers, new long[] {values.size()});
    }

    /** Strings of fixed length, padded with zeros. */
    public HandmadeHdf5 fixed(String name, int length, List<String> values) {
        byte[] bytes = new byte[Math.max(1, length * values.size())];
        for (int i = 0; i < values.size(); i++) {
            put(bytes, i * length, length, values.get(i));
        }
        long type = fixedType(length);
        return dataset(name, type, type, new BytePointer(bytes), new long[] {values.size()});
    }

    /** Rows of three fields named index, code and number: a string of fixed length, an int8 and a float32. */
    public HandmadeHdf5 compound(String name, int length, List<String> index, byte[] codes, float[] numbers) {
        long type = check(H5Tcreate(H5T_COMPOUND, length + 5L));
        check(H5Tinsert(type, "index", 0, fixedType(length)));
        check(H5Tinsert(type, "code", length, H5T_STD_I8LE_g()));
        check(H5Tinsert(type, "number", length + 1L, H5T_IEEE_F32LE_g()));
        java.nio.ByteBuffer rows =
                java.nio.ByteBuffer.allocate((length + 5) * index.size()).order(java.nio.ByteOrder.LITTLE_ENDIAN);
        for (int i = 0; i < index.size(); i++) {
            put(rows.array(), rows.position(), length, index.get(i));
            rows.position(rows.position() + length).put(codes[i]).putFloat(numbers[i]);
        }
        return dataset(name, type, type, new BytePointer(rows.array()), new long[] {index.size()});
    }

    /** An int8 dataset of any length of which only the last values are written: the file stays small. */
    public HandmadeHdf5 mostlyUnwritten(String name, long length, int chunkLength, byte[] last) {
        long space = check(H5Screate_simple(1, new long[] {length}, new long[] {length}));
        long properties = check(H5Pcreate(H5P_CLS_DATASET_CREATE_ID_g()));
        check(H5Pset_chunk(properties, 1, new long[] {chunkLength}));
        parents(name);
        long id = check(H5Dcreate2(file, name, H5T_STD_I8LE_g(), space, H5P_DEFAULT(), properties, H5P_DEFAULT()));
        if (last.length > 0) {
            check(H5Sselect_hyperslab(
                    space, H5S_SELECT_SET, new long[] {length - last.length}, null, new long[] {last.length}, null));
            long memory = check(H5Screate_simple(1, new long[] {last.length}, new long[] {last.length}));
            check(H5Dwrite(id, H5T_STD_I8LE_g(), memory, space, H5P_DEFAULT(), new BytePointer(last)));
        }
        check(H5Dclose(id));
        return this;
    }

    public HandmadeHdf5 externalLink(String name, String target) {
        check(H5Lcreate_external(target, "/", file, name, H5P_DEFAULT(), H5P_DEFAULT()));
        return this;
    }

    public HandmadeHdf5 softLink(String name, String target) {
        check(H5Lcreate_soft(target, file, name, H5P_DEFAULT(), H5P_DEFAULT()));
        return this;
    }

    public HandmadeHdf5 attribute(String object, String name, String value) {
        PointerPointer<BytePointer> pointer = new PointerPointer<>(1);
        pointer.put(0, zeroEnded(value));
        return attribute(object, name, variable(), check(H5Screate(H5S_SCALAR)), pointer);
    }

    public HandmadeHdf5 attribute(String object, String name, List<String> values) {
        PointerPointer<BytePointer> pointers = new PointerPointer<>(values.size());
        for (int i = 0; i < values.size(); i++) {
            pointers.put(i, zeroEnded(values.get(i)));
        }
        long space = check(H5Screate_simple(1, new long[] {values.size()}, new long[] {values.size()}));
        return attribute(object, name, variable(), space, pointers);
    }

    public HandmadeHdf5 attribute(String object, String name, long... values) {
        long space = check(H5Screate_simple(1, new long[] {values.length}, new long[] {values.length}));
        return attribute(object, name, H5T_STD_I64LE_g(), space, new LongPointer(values));
    }

    private HandmadeHdf5 attribute(String object, String name, long type, long space, Pointer value) {
        long target = check(H5Oopen(file, object.isEmpty() ? "/" : object, H5P_DEFAULT()));
        long id = check(H5Acreate2(target, name, type, space, H5P_DEFAULT(), H5P_DEFAULT()));
        check(H5Awrite(id, type, value));
        check(H5Aclose(id));
        check(H5Oclose(target));
        return this;
    }

    private HandmadeHdf5 dataset(String name, long stored, long memory, Pointer values, long[] shape) {
        parents(name);
        long space = check(H5Screate_simple(shape.length, shape, shape.clone()));
        long properties = H5P_DEFAULT();
        if (chunk > 0) {
            properties = check(H5Pcreate(H5P_CLS_DATASET_CREATE_ID_g()));
            long[] sizes = new long[shape.length];
            for (int i = 0; i < sizes.length; i++) {
                sizes[i] = Math.max(1, Math.min(chunk, shape[i]));
            }
            check(H5Pset_chunk(properties, sizes.length, sizes));
            if (gzip > 0) {
                check(H5Pset_shuffle(properties));
                check(H5Pset_deflate(properties, gzip));
            }
        }
        long id = check(H5Dcreate2(file, name, stored, space, H5P_DEFAULT(), properties, H5P_DEFAULT()));
        check(H5Dwrite(id, memory, H5S_ALL, H5S_ALL, H5P_DEFAULT(), values));
        check(H5Dclose(id));
        return this;
    }

    private void parents(String name) {
        int slash = name.lastIndexOf('/');
        if (slash > 0) {
            group(name.substring(0, slash));
        }
    }

    private static long[] shapeOf(long[] shape, int length) {
        return shape.length == 0 ? new long[] {length} : shape;
    }

    private static long variable() {
        long type = check(H5Tcopy(H5T_C_S1_g()));
        check(H5Tset_size(type, -1));
        check(H5Tset_cset(type, H5T_CSET_UTF8));
        return type;
    }

    private static long fixedType(int length) {
        long type = check(H5Tcopy(H5T_C_S1_g()));
        check(H5Tset_size(type, length));
        check(H5Tset_strpad(type, H5T_STR_NULLPAD));
        return type;
    }

    private static void put(byte[] into, int at, int length, String text) {
        byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
        System.arraycopy(bytes, 0, into, at, Math.min(length, bytes.length));
    }

    private static BytePointer zeroEnded(String text) {
        byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
        BytePointer pointer = new BytePointer(bytes.length + 1L);
        return pointer.put(bytes, 0, bytes.length).put(bytes.length, (byte) 0);
    }

    private static long check(long id) {
        if (id < 0) {
            throw new IllegalStateException("the HDF5 library refused a step");
        }
        return id;
    }
}
