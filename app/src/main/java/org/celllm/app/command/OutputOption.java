package org.celllm.app.command;

import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import org.celllm.data.InputException;
import picocli.CommandLine.Option;

/** {@code --out PATH} and {@code --force}: what exists is never written over unasked. */
final class OutputOption {
    @Option(names = "--out", required = true, paramLabel = "PATH", description = "Where the result is written.")
    Path path;

    @Option(names = "--force", description = "Replace what stands at --out.")
    boolean force;

    /**
     * The path, once it is free to be written.
     *
     * @throws InputException when something stands there and {@code --force} was not given
     */
    Path free() {
        if (Files.exists(path, LinkOption.NOFOLLOW_LINKS) && !force) {
            throw InputException.about(path)
                    .found("exists already")
                    .remedy("Choose another --out, or replace it with --force")
                    .build();
        }
        return path;
    }

    /**
     * As {@link #free}, for a file that is made from {@code input}.
     *
     * @throws InputException when both are the same file
     */
    Path freeBeside(Path input) {
        if (path.toAbsolutePath().normalize().equals(input.toAbsolutePath().normalize())) {
            throw InputException.about("--out " + path)
                    .found("is the input itself")
                    .remedy("Choose another --out: inputs are never changed")
                    .build();
        }
        return free();
    }
}
