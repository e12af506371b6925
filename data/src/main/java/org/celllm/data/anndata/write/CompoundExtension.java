package org.celllm.data.anndata.write;

import static org.bytedeco.hdf5.global.hdf5.H5Dclose;
import static org.bytedeco.hdf5.global.hdf5.H5Dcreate2;
import static org.bytedeco.hdf5.global.hdf5.H5Dget_space;
import static org.bytedeco.hdf5.global.hdf5.H5Dget_type;
import static org.bytedeco.hdf5.global.hdf5.H5Dopen2;
import static org.bytedeco.hdf5.global.hdf5.H5Dread;
import static org.bytedeco.hdf5.global.hdf5.H5Dwrite;
import static org.bytedeco.hdf5.global.hdf5.H5P_DEFAULT;
import static org.bytedeco.hdf5.global.hdf5.H5S_SELECT_SET;
import static org.bytedeco.hdf5.global.hdf5.H5Sclose;
import static org.bytedeco.hdf5.global.hdf5.H5Sget_simple_extent_npoints;
import static org.bytedeco.hdf5.global.hdf5.H5Sselect_hyperslab;
import static org.bytedeco.hdf5.global.hdf5.H5T_COMPOUND;
import static org.bytedeco.hdf5.global.hdf5.H5Tclose;
import static org.bytedeco.hdf5.global.hdf5.H5Tcreate;
import static org.bytedeco.hdf5.global.hdf5.H5Tget_member_name;
import static org.bytedeco.hdf5.global.hdf5.H5Tget_member_type;
import static org.bytedeco.hdf5.global.hdf5.H5Tget_nmembers;
import static org.bytedeco.hdf5.global.hdf5.H5Tget_size;
import static org.bytedeco.hdf5.global.hdf5.H5Tinsert;
import static org.bytedeco.hdf5.global.hdf5.H5Treclaim;
import static org.bytedeco.hdf5.global.hdf5.H5free_memory;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.bytedeco.javacpp.BytePointer;
import org.bytedeco.javacpp.Pointer;

/**
 * Adds fields to a compound dataset, the form in which the oldest AnnData files keep {@code obs} and {@code obsm}. A
 * dataset cannot get another type, so a new one takes its place: its old fields are copied row by row in the stored
 * bytes, the new ones are then filled in.
 */
final class CompoundExtension {
    private static final int COPY_BYTES = 1 << 22;

    private final Hdf5Group parent;
    private final String name;

    private CompoundExtension(Hdf5Group parent, String name) {
        this.parent = parent;
        this.name = name;
    }

    /**
     * Puts a dataset with more fields in the place of a compound dataset. A field that is there already is replaced.
     *
     * @param fields types of the new fields by name
     */
    static CompoundExtension extend(Hdf5Group parent, String name, Map<String, Hdf5Group.Type> fields)
            throws IOException {
        CompoundExtension extension = new CompoundExtension(parent, name);
        NativeHdf5.run(() -> extension.rebuild(fields));
        return extension;
    }

    private void rebuild(Map<String, Hdf5Group.Type> fields) throws IOException {
        String doing = "extending " + name;
        String temporary = name + ".celllm-new";
        List<Long> types = new ArrayList<>();
        long old = NativeHdf5.check(H5Dopen2(parent.handle(), NativeHdf5.utf8(name), H5P_DEFAULT()), doing);
        try {
            long oldType = keep(types, H5Dget_type(old), doing);
            Map<String, Long> kept = new LinkedHashMap<>();
            int members = (int) NativeHdf5.check((long) H5Tget_nmembers(oldType), doing);
            for (int i = 0; i < members; i++) {
                BytePointer text = H5Tget_member_name(oldType, i);
                String member = text.getString(StandardCharsets.UTF_8);
                H5free_memory(text);
                if (!fields.containsKey(member)) {
                    kept.put(member, keep(types, H5Tget_member_type(oldType, i), doing));
                }
            }
            Map<String, Long> all = new LinkedHashMap<>(kept);
            for (Map.Entry<String, Hdf5Group.Type> field : fields.entrySet()) {
                all.put(field.getKey(), keep(types, field.getValue().open(), doing));
            }
            long keptType = keep(types, compound(kept), doing);
            long newType = keep(types, compound(all), doing);
            long space = NativeHdf5.check(H5Dget_space(old), doing);
            try {
                long rows = NativeHdf5.check(H5Sget_simple_extent_npoints(space), doing);
                long made = NativeHdf5.check(
                        H5Dcreate2(
                                parent.handle(),
                                NativeHdf5.utf8(temporary),
                                newType,
                                space,
                                H5P_DEFAULT(),
                                H5P_DEFAULT(),
                                H5P_DEFAULT()),
                        doing);
                try {
                    copy(old, made, keptType, rows);
                    AttributeCopy.copy(old, made, name);
                } finally {
                    NativeHdf5.check(H5Dclose(made), doing);
                }
            } finally {
                NativeHdf5.check(H5Sclose(space), doing);
            }
        } finally {
            for (long type : types) {
                NativeHdf5.check(H5Tclose(type), doing);
            }
            NativeHdf5.check(H5Dclose(old), doing);
        }
        parent.delete(name);
        parent.rename(temporary, name);
    }

    private static long keep(List<Long> types, long type, String doing) throws IOException {
        types.add(NativeHdf5.check(type, doing));
        return type;
    }

    /** Fields one after the other without holes, which old readers do not expect. */
    private static long compound(Map<String, Long> fields) throws IOException {
        long size = 0;
        for (long type : fields.values()) {
            size += H5Tget_size(type);
        }
        long made = NativeHdf5.check(H5Tcreate(H5T_COMPOUND, size), "making a compound type");
        long at = 0;
        for (Map.Entry<String, Long> field : fields.entrySet()) {
            NativeHdf5.check(H5Tinsert(made, NativeHdf5.utf8(field.getKey()), at, field.getValue()), "adding a field");
            at += H5Tget_size(field.getValue());
        }
        return made;
    }

    private void copy(long from, long to, long type, long rows) throws IOException {
        long size = H5Tget_size(type);
        long piece = Math.max(1, COPY_BYTES / size);
        try (Pointer buffer = new BytePointer(Math.min(piece, Math.max(1, rows)) * size)) {
            for (long row = 0; row < rows; row += piece) {
                long count = Math.min(piece, rows - row);
                long memory = Hdf5Types.space(count);
                try {
                    transfer(from, row, count, space -> H5Dread(from, type, memory, space, H5P_DEFAULT(), buffer));
                    transfer(to, row, count, space -> H5Dwrite(to, type, memory, space, H5P_DEFAULT(), buffer));
                    // Texts of variable length were allocated by the library.
                    NativeHdf5.check(H5Treclaim(type, memory, H5P_DEFAULT(), buffer), "copying " + name);
                } finally {
                    NativeHdf5.check(H5Sclose(memory), "copying " + name);
                }
            }
        }
    }

    @FunctionalInterface
    private interface Transfer {
        int run(long space);
    }

    private void transfer(long dataset, long row, long count, Transfer transfer) throws IOException {
        long space = NativeHdf5.check(H5Dget_space(dataset), "copying " + name);
        try {
            long[] one = {1};
            NativeHdf5.check(
                    H5Sselect_hyperslab(space, H5S_SELECT_SET, new long[] {row}, one, new long[] {count}, 1),
                    "copying " + name);
            NativeHdf5.check(transfer.run(space), "copying " + name);
        } finally {
            NativeHdf5.check(H5Sclose(space), "copying " + name);
        }
    }

    /** Gives the pointer to values that are to be written. */
    @FunctionalInterface
    interface Values {
        Pointer open();
    }

    /**
     * Fills a field.
     *
     * @param field its name
     * @param type opens the type of a row's value, in the file and in {@code values} alike
     * @param firstRow row of the first value
     * @param rows how many
     * @param values gives the values
     */
    void put(String field, Hdf5Group.Type type, long firstRow, long rows, Values values) throws IOException {
        NativeHdf5.run(() -> {
            String doing = "writing field " + field + " of " + name;
            long dataset = NativeHdf5.check(H5Dopen2(parent.handle(), NativeHdf5.utf8(name), H5P_DEFAULT()), doing);
            long fieldType = type.open();
            long memoryType = compound(Map.of(field, fieldType));
            long memory = Hdf5Types.space(rows);
            try {
                Pointer pointer = values.open();
                transfer(
                        dataset,
                        firstRow,
                        rows,
                        space -> H5Dwrite(dataset, memoryType, memory, space, H5P_DEFAULT(), pointer));
            } finally {
                NativeHdf5.check(H5Sclose(memory), doing);
                NativeHdf5.check(H5Tclose(memoryType), doing);
                NativeHdf5.check(H5Tclose(fieldType), doing);
                NativeHdf5.check(H5Dclose(dataset), doing);
            }
        });
    }
}
