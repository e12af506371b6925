package org.celllm.data.matrix;

import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import org.celllm.data.InputException;
import org.celllm.data.anndata.AnnDataFile;
import org.celllm.data.files.TextFiles;
import org.celllm.data.hdf5.Hdf5File;
import org.celllm.data.table.TableFile;
import org.celllm.data.tenx.TenxFolder;
import org.celllm.data.tenx.TenxH5File;

/**
 * Opens files of expression of every format that is read, told apart by their content and never by their names:
 * AnnData {@code .h5ad}, 10x {@code .h5}, 10x folders with a {@code matrix.mtx}, and tables of text.
 */
public final class ExpressionFiles {
    private static final int HEAD = 1 << 16;

    private ExpressionFiles() {}

    /**
     * Opens a file or folder: reads names and shapes, and checks that they agree.
     *
     * @throws InputException when it is missing, empty, damaged or of a format that is not read, with the remedy
     */
    public static ExpressionFile open(Path path) throws IOException {
        if (!Files.exists(path)) {
            throw InputException.about(path)
                    .found("there is no such file or folder")
                    .remedy("Check the path")
                    .build();
        }
        if (Files.isDirectory(path)) {
            ForeignFormats.refuseFolder(path);
            return TenxFolder.open(path);
        }
        byte[] head = head(path, false);
        if (head.length == 0) {
            throw InputException.about(path)
                    .found("the file is empty")
                    .remedy("Copy or download it again")
                    .build();
        }
        if (Hdf5File.recognises(ByteBuffer.wrap(head))) {
            return openHdf5(path);
        }
        ForeignFormats.refusePacked(path, head);
        byte[] text = head(path, true);
        if (text.length == 0) {
            throw InputException.about(path)
                    .found("the file is empty once unpacked")
                    .remedy("Copy or download it again")
                    .build();
        }
        ForeignFormats.refuse(path, text);
        return TenxFolder.isMatrixMarket(text) ? TenxFolder.ofMatrix(path) : TableFile.open(path);
    }

    private static ExpressionFile openHdf5(Path path) throws IOException {
        Hdf5File file = Hdf5File.open(path);
        try {
            if (AnnDataFile.recognises(file)) {
                return AnnDataFile.of(file);
            }
            if (TenxH5File.recognises(file)) {
                return TenxH5File.of(file);
            }
            throw ForeignFormats.hdf5(file);
        } catch (RuntimeException e) {
            file.close();
            throw e;
        }
    }

    /** The first bytes of a file, as they are or unpacked. */
    private static byte[] head(Path path, boolean unpacked) throws IOException {
        try (InputStream in = unpacked ? TextFiles.stream(path) : Files.newInputStream(path)) {
            return in.readNBytes(HEAD);
        } catch (NoSuchFileException gone) {
            throw InputException.about(path).found("there is no such file").build(gone);
        } catch (java.io.EOFException | java.util.zip.ZipException damaged) {
            throw TextFiles.damagedGzip(path, damaged);
        } catch (java.nio.file.AccessDeniedException denied) {
            throw InputException.about(path)
                    .found("may not be read")
                    .remedy("Check the permissions of the file")
                    .build(denied);
        }
    }
}
