package org.celllm.app.command;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import org.celllm.data.InputException;
import picocli.CommandLine.Option;

/**
 * {@code --out PATH} and {@code --force}: what exists is never written over unasked, and what is replaced is of the kind that
 * is written. That it is nothing that the verb reads {@link WrittenPaths} sees to.
 */
final class OutputOption {
    @Option(names = "--out", required = true, paramLabel = "PATH", description = "Where the result is written.")
    Path path;

    @Option(names = "--force", description = "Replace what stands at --out.")
    boolean force;

    /**
     * The path, once it is free for a file.
     *
     * @throws InputException when something stands there and {@code --force} was not given, or a folder does
     */
    Path freeFile() {
        requireUnasked(path, force);
        if (Files.isDirectory(path)) {
            throw InputException.about(path)
                    .found("is a folder")
                    .expected("the name of a file")
                    .remedy("Choose another --out")
                    .build();
        }
        return path;
    }

    /**
     * The path, once it is free for a folder.
     *
     * @param kind of what is written
     * @throws InputException when something stands there and {@code --force} was not given, or something of another kind does
     */
    Path freeFolder(FolderKind kind) throws IOException {
        return freeFolder(path, force, kind);
    }

    /** As {@link #freeFolder(FolderKind)}, of a verb with options of its own. */
    static Path freeFolder(Path path, boolean force, FolderKind kind) throws IOException {
        requireUnasked(path, force);
        requireReplaceable(path, kind);
        return path;
    }

    /**
     * Lets nothing but an empty folder or one of a kind be replaced.
     *
     * @throws InputException when something else stands there
     */
    static void requireReplaceable(Path path, FolderKind kind) throws IOException {
        if (!Files.exists(path, LinkOption.NOFOLLOW_LINKS)) {
            return;
        }
        if (!Files.isDirectory(path)) {
            throw InputException.about(path)
                    .found("is a file")
                    .expected("the name of a folder")
                    .remedy("Choose another --out")
                    .build();
        }
        if (!FolderKind.names(path).isEmpty() && !kind.holds(path)) {
            throw InputException.about(path)
                    .found("is a folder with " + FolderKind.content(path))
                    .expected("nothing or " + kind.noun() + ": --force replaces nothing else")
                    .remedy("Choose another --out, or remove that folder yourself")
                    .build();
        }
    }

    private static void requireUnasked(Path path, boolean force) {
        if (Files.exists(path, LinkOption.NOFOLLOW_LINKS) && !force) {
            throw InputException.about(path)
                    .found("exists already")
                    .remedy("Choose another --out, or replace it with --force")
                    .build();
        }
    }
}
