package org.celllm.data.anndata.write;

import static org.bytedeco.hdf5.global.hdf5.H5E_DEFAULT;
import static org.bytedeco.hdf5.global.hdf5.H5E_WALK_DOWNWARD;
import static org.bytedeco.hdf5.global.hdf5.H5Eclear2;
import static org.bytedeco.hdf5.global.hdf5.H5Eset_auto2;
import static org.bytedeco.hdf5.global.hdf5.H5Ewalk2;
import static org.bytedeco.hdf5.global.hdf5.H5dont_atexit;
import static org.bytedeco.hdf5.global.hdf5.H5open;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.HashSet;
import java.util.Set;
import org.bytedeco.hdf5.H5E_auto2_t;
import org.bytedeco.hdf5.H5E_error2_t;
import org.bytedeco.hdf5.H5E_walk2_t;
import org.bytedeco.hdf5.global.hdf5;
import org.bytedeco.javacpp.BytePointer;
import org.bytedeco.javacpp.Pointer;
import org.bytedeco.javacpp.PointerScope;
import org.celllm.data.files.NativeLibrary;

/**
 * The native HDF5 library as it is used here: C functions only, one caller at a time (the library is not thread safe),
 * and no return code unread. A negative code becomes an {@link IOException} with the text of the library's own error
 * stack, in which the operating system's words (such as a full disk) stand.
 */
final class NativeHdf5 {
    /** Held during every call into the library. */
    private static final Object LOCK = new Object();

    /** Given back at the first failure, so that files can still be closed. */
    private static final Set<DiskReserve> RESERVES = new HashSet<>();

    static {
        NativeLibrary.load("hdf5", hdf5.class);
    }

    private static boolean open;
    private static boolean broken;

    private NativeHdf5() {}

    /** Calls the library. */
    @FunctionalInterface
    interface Action {
        void run() throws IOException;
    }

    /** Calls the library and brings something back. */
    @FunctionalInterface
    interface Call<T> {
        T run() throws IOException;
    }

    /** Runs {@code action} alone; what it allocates outside the heap is freed when it ends. */
    static void run(Action action) throws IOException {
        call(() -> {
            action.run();
            return true;
        });
    }

    /** As {@link #run}, with a result. */
    @SuppressWarnings("try")
    static <T> T call(Call<T> call) throws IOException {
        synchronized (LOCK) {
            start();
            if (broken) {
                throw new IOException(
                        "the HDF5 library could not close a file and cannot go on; start the program again");
            }
            try (PointerScope scope = new PointerScope()) {
                return call.run();
            }
        }
    }

    /** The constants hold handles only after this. */
    private static void start() throws IOException {
        if (!open) {
            // Every file is closed here; the library's own handler at exit would stumble over one that could not be.
            H5dont_atexit();
            if (H5open() < 0) {
                throw new IOException("the HDF5 library does not start");
            }
            // Errors are fetched when a call fails instead of being printed.
            H5Eset_auto2(H5E_DEFAULT(), (H5E_auto2_t) null, null);
            open = true;
        }
    }

    /** Keeps some room on the disk until {@link #release} or the first failure. */
    static void keep(DiskReserve reserve) throws IOException {
        run(() -> RESERVES.add(reserve));
    }

    /** Gives the room back. */
    static void release(DiskReserve reserve) throws IOException {
        synchronized (LOCK) {
            RESERVES.remove(reserve);
            reserve.close();
        }
    }

    /** After a file that could not be closed the library's memory is not to be trusted: nothing is called any more. */
    static void abandon() {
        synchronized (LOCK) {
            broken = true;
        }
    }

    /** Returns {@code id} unless it says that the call failed. */
    static long check(long id, String doing) throws IOException {
        if (id < 0) {
            Hdf5Exception failure = new Hdf5Exception(doing + " failed: " + errors());
            for (DiskReserve reserve : RESERVES) {
                reserve.close();
            }
            throw failure;
        }
        return id;
    }

    /** As {@link #check(long, String)}, for calls that return a status. */
    static void check(int status, String doing) throws IOException {
        check((long) status, doing);
    }

    /** A zero-terminated name; freed with the scope it is made in. */
    static BytePointer utf8(String text) {
        byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
        BytePointer pointer = new BytePointer(bytes.length + 1L);
        pointer.put(bytes, 0, bytes.length).put(bytes.length, (byte) 0);
        return pointer;
    }

    private static String errors() {
        ErrorTexts texts = new ErrorTexts();
        try {
            H5Ewalk2(H5E_DEFAULT(), H5E_WALK_DOWNWARD, texts, null);
            H5Eclear2(H5E_DEFAULT());
            return texts.text.isEmpty() ? "no reason given" : texts.text.toString();
        } finally {
            texts.deallocate();
        }
    }

    /** Collects the descriptions of the error stack. */
    private static final class ErrorTexts extends H5E_walk2_t {
        private final StringBuilder text = new StringBuilder();

        @Override
        public int call(int depth, H5E_error2_t error, Pointer data) {
            BytePointer description = error.desc();
            if (description != null && !description.isNull()) {
                String line = description.getString(StandardCharsets.UTF_8);
                if (text.indexOf(line) < 0) {
                    text.append(text.length() == 0 ? "" : "; ").append(line);
                }
            }
            return 0;
        }
    }
}
