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
    private final DiskReserve reserve;

    private Hdf5File(long id, DiskReserve reserve) {
        super(id, "/");
        this.reserve = reserve;
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
        DiskReserve reserve = DiskReserve.beside(file);
        try {
            NativeHdf5.keep(reserve);
            return NativeHdf5.call(() -> open(file, create, reserve));
        } catch (Throwable e) {
            NativeHdf5.release(reserve);
            throw e;
        }
    }

    private static Hdf5File open(Path file, boolean create, DiskReserve reserve) throws IOException {
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
            return new Hdf5File(NativeHdf5.check(id, doing), reserve);
        } finally {
            NativeHdf5.check(H5Pclose(access), doing);
        }
    }

    /**
     * Writes what is left and closes the file.
     *
     * @throws IOException when that failed; the file is closed all the same where its disk has a little room
     */
    @Override
    public void close() throws IOException {
        NativeHdf5.run(() -> {
            try {
                NativeHdf5.check(H5Fflush(id, H5F_SCOPE_GLOBAL), "writing the file");
            } finally {
                // The failure of the flush has given the reserve back, so that this can succeed.
                if (H5Fclose(id) < 0) {
                    NativeHdf5.abandon();
                    NativeHdf5.check(-1, "closing the file");
                }
                NativeHdf5.release(reserve);
            }
        });
    }
}
