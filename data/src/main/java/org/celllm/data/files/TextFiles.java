package org.celllm.data.files;

import java.io.BufferedInputStream;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.nio.file.AccessDeniedException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.zip.GZIPInputStream;
import org.celllm.data.InputException;

/** Opens text files that may be gzipped, whatever their names end in. */
public final class TextFiles {
    private static final int BUFFER = 1 << 16;

    private TextFiles() {}

    /**
     * The bytes of a file, unpacked.
     *
     * @throws InputException when there is no such file, or it cannot be read
     */
    public static InputStream stream(Path file) throws IOException {
        InputStream plain;
        if (Files.isDirectory(file)) {
            throw InputException.about(file)
                    .found("is a folder")
                    .expected("a file")
                    .remedy("Name the file in it")
                    .build();
        }
        try {
            plain = new BufferedInputStream(Files.newInputStream(file), BUFFER);
        } catch (NoSuchFileException missing) {
            throw InputException.about(file)
                    .found("there is no such file")
                    .remedy("Check the path")
                    .build(missing);
        } catch (AccessDeniedException denied) {
            throw InputException.about(file)
                    .found("may not be read")
                    .remedy("Check the permissions of the file")
                    .build(denied);
        }
        plain.mark(2);
        boolean gzip = plain.read() == 0x1f && plain.read() == 0x8b;
        plain.reset();
        if (!gzip) {
            return plain;
        }
        try {
            return new GZIPInputStream(plain, BUFFER);
        } catch (IOException damaged) {
            plain.close();
            throw damagedGzip(file, damaged);
        }
    }

    /** The lines of a file in UTF-8, unpacked. A damaged end shows as an {@link IOException} while reading. */
    public static BufferedReader reader(Path file) throws IOException {
        return new BufferedReader(new InputStreamReader(stream(file), StandardCharsets.UTF_8), BUFFER);
    }

    /** The error for a gzip stream that breaks off or is damaged. */
    public static InputException damagedGzip(Path file, IOException cause) {
        return InputException.about(file)
                .found("cannot be unpacked (" + cause.getMessage() + ")")
                .expected("a whole gzip file")
                .remedy("It was cut while being written or copied: copy or download it again")
                .build(cause);
    }
}
