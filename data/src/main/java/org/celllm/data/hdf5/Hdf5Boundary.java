package org.celllm.data.hdf5;

import io.jhdf.exceptions.HdfFilterException;
import io.jhdf.exceptions.UnsupportedHdfException;
import java.io.UncheckedIOException;
import java.nio.channels.ClosedChannelException;
import java.nio.file.Path;
import java.util.function.Supplier;
import org.celllm.data.InputException;

/**
 * Where exceptions of the HDF5 library become ours. A damaged file makes the library fail in many ways (its own
 * exceptions, index errors, deep recursion, absurd allocations); all of them mean the same to a person.
 */
final class Hdf5Boundary {
    private Hdf5Boundary() {}

    /**
     * Runs {@code work}, which calls the library.
     *
     * @param file the file it reads
     * @param place the object inside the file
     */
    static <T> T guard(Path file, String place, Supplier<T> work) {
        try {
            return work.get();
        } catch (InputException ours) {
            throw ours;
        } catch (HdfFilterException | UnsupportedHdfException unsupported) {
            throw InputException.about(file)
                    .at(place)
                    .found("is stored in a way this reader lacks: " + firstLine(unsupported))
                    .expected("values plain or compressed by gzip, lzf, lz4, shuffle or fletcher32")
                    .remedy("Write the file again in Python: adata.write_h5ad(path, compression=\"gzip\")")
                    .build(unsupported);
        } catch (OutOfMemoryError memory) {
            throw InputException.about(file)
                    .at(place)
                    .found("a size written there needs more memory than there is")
                    .remedy("The file is damaged, or stored in very large chunks: write it again with anndata,"
                            + " or give more memory")
                    .build(memory);
        } catch (RuntimeException | StackOverflowError | AssertionError damaged) {
            if (damaged instanceof UncheckedIOException io && io.getCause() instanceof ClosedChannelException) {
                throw damaged;
            }
            throw InputException.about(file)
                    .at(place)
                    .found("the file is damaged (" + firstLine(damaged) + ")")
                    .expected("a whole HDF5 file")
                    .remedy("Copy or download it again")
                    .build(damaged);
        }
    }

    private static String firstLine(Throwable error) {
        String message = error.getMessage();
        if (message == null || message.isBlank()) {
            return error.getClass().getSimpleName();
        }
        int end = message.indexOf('\n');
        String line = end < 0 ? message : message.substring(0, end);
        return line.length() > 160 ? line.substring(0, 160) + "…" : line;
    }
}
