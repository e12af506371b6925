package org.celllm.app;

import java.io.BufferedOutputStream;
import java.io.FileDescriptor;
import java.io.FileOutputStream;
import java.io.FilterOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.io.PrintStream;
import java.nio.charset.Charset;
import org.jspecify.annotations.Nullable;

/**
 * Standard output that remembers what went wrong with it, which a print stream does not: a result that never arrived, as where the
 * disk is full, is no success. A reader that has had enough, as {@code head}, has lost nothing.
 */
final class StandardOutput {
    private final PrintStream stream;
    private volatile @Nullable String lost;

    /** That of the process, in its encoding. */
    StandardOutput() {
        this(new FileOutputStream(FileDescriptor.out), encoding());
    }

    StandardOutput(OutputStream to, Charset charset) {
        stream = new PrintStream(new BufferedOutputStream(new Remembering(to)), true, charset);
    }

    /** To write to. */
    PrintStream stream() {
        return stream;
    }

    /** Why not everything was written, or {@code null} where it was, or nobody wanted more. */
    @Nullable
    String lost() {
        stream.flush();
        return lost;
    }

    /** As the JVM chooses it; which property says so differs by version. */
    private static Charset encoding() {
        String name = System.getProperty("stdout.encoding", System.getProperty("sun.stdout.encoding"));
        return name == null || !Charset.isSupported(name) ? Charset.defaultCharset() : Charset.forName(name);
    }

    private final class Remembering extends FilterOutputStream {
        Remembering(OutputStream to) {
            super(to);
        }

        @Override
        public void write(byte[] bytes, int from, int length) throws IOException {
            try {
                out.write(bytes, from, length);
            } catch (IOException e) {
                String message = String.valueOf(e.getMessage());
                if (!message.contains("Broken pipe")) {
                    lost = message;
                }
                throw e;
            }
        }
    }
}
