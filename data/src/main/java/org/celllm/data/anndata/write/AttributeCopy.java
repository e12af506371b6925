package org.celllm.data.anndata.write;

import static org.bytedeco.hdf5.global.hdf5.H5Aclose;
import static org.bytedeco.hdf5.global.hdf5.H5Acreate2;
import static org.bytedeco.hdf5.global.hdf5.H5Aget_name;
import static org.bytedeco.hdf5.global.hdf5.H5Aget_space;
import static org.bytedeco.hdf5.global.hdf5.H5Aget_type;
import static org.bytedeco.hdf5.global.hdf5.H5Aopen_by_idx;
import static org.bytedeco.hdf5.global.hdf5.H5Aread;
import static org.bytedeco.hdf5.global.hdf5.H5Awrite;
import static org.bytedeco.hdf5.global.hdf5.H5E_DEFAULT;
import static org.bytedeco.hdf5.global.hdf5.H5Eclear2;
import static org.bytedeco.hdf5.global.hdf5.H5P_DEFAULT;
import static org.bytedeco.hdf5.global.hdf5.H5Sclose;
import static org.bytedeco.hdf5.global.hdf5.H5Sget_simple_extent_npoints;
import static org.bytedeco.hdf5.global.hdf5.H5Tclose;
import static org.bytedeco.hdf5.global.hdf5.H5Tget_size;
import static org.bytedeco.hdf5.global.hdf5.H5Treclaim;
import static org.bytedeco.hdf5.global.hdf5.H5_INDEX_NAME;
import static org.bytedeco.hdf5.global.hdf5.H5_ITER_INC;

import java.io.IOException;
import org.bytedeco.javacpp.BytePointer;

/** Copies the attributes of one object to another, in their stored form. */
final class AttributeCopy {
    private AttributeCopy() {}

    /** Called with the library's lock held. */
    static void copy(long from, long to, String name) throws IOException {
        String doing = "copying the attributes of " + name;
        for (int i = 0; ; i++) {
            long attribute = H5Aopen_by_idx(
                    from, NativeHdf5.utf8("."), H5_INDEX_NAME, H5_ITER_INC, i, H5P_DEFAULT(), H5P_DEFAULT());
            if (attribute < 0) {
                // There is no other way to learn that the last one was seen: the count is not bound.
                H5Eclear2(H5E_DEFAULT());
                return;
            }
            long type = NativeHdf5.check(H5Aget_type(attribute), doing);
            long space = NativeHdf5.check(H5Aget_space(attribute), doing);
            try {
                BytePointer text = new BytePointer(4096L);
                NativeHdf5.check(H5Aget_name(attribute, text.capacity(), text), doing);
                long points = Math.max(1, H5Sget_simple_extent_npoints(space));
                BytePointer value = new BytePointer(points * H5Tget_size(type));
                NativeHdf5.check(H5Aread(attribute, type, value), doing);
                long made = NativeHdf5.check(H5Acreate2(to, text, type, space, H5P_DEFAULT(), H5P_DEFAULT()), doing);
                NativeHdf5.check(H5Awrite(made, type, value), doing);
                NativeHdf5.check(H5Aclose(made), doing);
                NativeHdf5.check(H5Treclaim(type, space, H5P_DEFAULT(), value), doing);
            } finally {
                NativeHdf5.check(H5Sclose(space), doing);
                NativeHdf5.check(H5Tclose(type), doing);
                NativeHdf5.check(H5Aclose(attribute), doing);
            }
        }
    }
}
