package org.celllm.data.anndata.write;

import static org.bytedeco.hdf5.global.hdf5.H5F_ACC_EXCL;
import static org.bytedeco.hdf5.global.hdf5.H5F_ACC_RDWR;
import static org.bytedeco.hdf5.global.hdf5.H5F_CLOSE_STRONG;
import static org.bytedeco.hdf5.global.hdf5.H5F_SCOPE_GLOBAL;
import static org.bytedeco.hdf5.global.hdf5.H5Fclose;
import static org.bytedeco.hdf5.global.hdf5.H5Fcreate;
import static org.bytedeco.hdf5.global.hdf5.H5Fflush;
import static org.bytedeco.hdf5.global.hdf5.H5Fopen;
import static org.bytedeco.hdf5.global.hdf5.H5P_CLS_FILE_ACCESS_ID_g;
import static org.bytedeco.hdf5.global.hdf5.H5P_DEFAULT;
import static org.bytedeco.hdf5.global.hdf5.H5Pclose;
import static org.bytedeco.hdf5.global.hdf5.H5Pcreate;
import static org.bytedeco.hdf5.global.hdf5.H5Pset_fclose_degree;
import static org.bytedeco.hdf5.global.hdf5.H5Pset_file_locking;

import java.io.IOException;
import java.nio.file.Path;

/** An HDF5 file open for writing; it is its own root group. Closing flushes it, and says so when that fails. */
final class Hdf5File extends Hdf5Group {
    private Hdf5File(long id) {
        super(id, "/");
    }

    /** Makes a file that does not exist yet. */
    static Hdf5File create(Path file) throws IOException {
        return open(file, true);
    }

    /** Opens an existing file to add to it. */
    static Hdf5File append(Path file) throws IOException {
        return open(file, false);
    }

    private static Hdf5File open(Path file, boolean create) throws IOException {
        return NativeHdf5.call(() -> {
            String doing = (create ? "making " : "opening ") + file;
            long access = NativeHdf5.check(H5Pcreate(H5P_CLS_FILE_ACCESS_ID_g()), doing);
            try {
                // Handles left open by a failure must not keep the file open.
                NativeHdf5.check(H5Pset_fclose_degree(access, H5F_CLOSE_STRONG), doing);
                // The temporary name is ours alone, and some network file systems cannot lock.
                NativeHdf5.check(H5Pset_file_locking(access, false, true), doing);
                String name = file.toAbsolutePath().toString();
                long id = create
                        ? H5Fcreate(NativeHdf5.utf8(name), H5F_ACC_EXCL(), H5P_DEFAULT(), access)
                        : H5Fopen(NativeHdf5.utf8(name), H5F_ACC_RDWR(), access);
                return new Hdf5File(NativeHdf5.check(id, doing));
            } finally {
                NativeHdf5.check(H5Pclose(access), doing);
            }
        });
    }

    @Override
    public void close() throws IOException {
        NativeHdf5.run(() -> {
            try {
                NativeHdf5.check(H5Fflush(id, H5F_SCOPE_GLOBAL), "writing the file");
            } finally {
                NativeHdf5.check(H5Fclose(id), "closing the file");
            }
        });
    }
}
