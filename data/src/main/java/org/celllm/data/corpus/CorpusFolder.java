package org.celllm.data.corpus;

import java.io.IOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import org.celllm.data.InputException;
import org.celllm.data.files.SafeFiles;

/** A corpus folder in the making: hidden beside its name until it is published. */
final class CorpusFolder {
    private static final String BUILDING = ".building";
    private static final String OLD = ".old";

    private final Path target;
    private final Path work;

    private CorpusFolder(Path target, Path work) {
        this.target = target;
        this.work = work;
    }

    /**
     * Makes the hidden folder, after clearing those of builds that were killed.
     *
     * @throws InputException when the target exists and may not be replaced
     */
    static CorpusFolder prepare(Path out, boolean replace) throws IOException {
        Path target = out.toAbsolutePath().normalize();
        Path parent = target.getParent();
        if (parent == null) {
            throw InputException.about(out).found("is not a name for a folder").build();
        }
        requireFree(out, target, replace);
        String prefix = "." + target.getFileName() + ".";
        Files.createDirectories(parent);
        try (DirectoryStream<Path> siblings = Files.newDirectoryStream(parent)) {
            for (Path sibling : siblings) {
                String name = sibling.getFileName().toString();
                if (name.startsWith(prefix)
                        && (name.endsWith(BUILDING) || name.endsWith(OLD))
                        && abandoned(name, prefix)) {
                    SafeFiles.deleteTree(sibling);
                }
            }
        }
        Path work = parent.resolve(prefix + ProcessHandle.current().pid() + BUILDING);
        SafeFiles.deleteTree(work);
        Files.createDirectories(work);
        return new CorpusFolder(target, work);
    }

    private static void requireFree(Path out, Path target, boolean replace) throws IOException {
        if (!Files.exists(target) || isEmptyFolder(target)) {
            return;
        }
        if (!replace) {
            throw InputException.about(out)
                    .found("exists already")
                    .remedy("Pass --force to replace it, or choose another name")
                    .build();
        }
        if (!Files.isRegularFile(target.resolve("manifest.json"))) {
            throw InputException.about(out)
                    .found("is not a corpus, so it is not replaced")
                    .remedy("Choose another name")
                    .build();
        }
    }

    private static boolean isEmptyFolder(Path target) throws IOException {
        if (!Files.isDirectory(target)) {
            return false;
        }
        try (DirectoryStream<Path> children = Files.newDirectoryStream(target)) {
            return !children.iterator().hasNext();
        }
    }

    private static boolean abandoned(String name, String prefix) {
        String pid = name.substring(prefix.length(), name.lastIndexOf('.'));
        return pid.matches("\\d{1,18}")
                && ProcessHandle.of(Long.parseLong(pid)).map(p -> !p.isAlive()).orElse(true);
    }

    Path target() {
        return target;
    }

    Path shards() {
        return work.resolve("shards");
    }

    Path genes() {
        return work.resolve("genes.tsv");
    }

    Path manifest() {
        return work.resolve("manifest.json");
    }

    /** Gives the folder its name; what had it before goes. */
    void publish() throws IOException {
        Path old = work.resolveSibling(
                "." + target.getFileName() + "." + ProcessHandle.current().pid() + OLD);
        if (Files.exists(target)) {
            Files.move(target, old, StandardCopyOption.ATOMIC_MOVE);
        }
        Files.move(work, target, StandardCopyOption.ATOMIC_MOVE);
        SafeFiles.syncFolder(target.resolveSibling("."));
        SafeFiles.deleteTree(old);
    }

    /** Deletes what was not published. */
    void discard() throws IOException {
        SafeFiles.deleteTree(work);
    }

    /** Deletes shards that the corpus's manifest does not know, such as those of an addition that failed. */
    static void deleteUnknownShards(Path corpus) throws IOException {
        deleteShardsBut(corpus.resolve("shards"), CorpusManifest.read(corpus).shards());
    }

    static void deleteShardsBut(Path folder, List<CorpusManifest.Shard> known) throws IOException {
        Set<String> names = known.stream().map(CorpusManifest.Shard::file).collect(Collectors.toSet());
        try (DirectoryStream<Path> files = Files.newDirectoryStream(folder, "shard-*.safetensors")) {
            for (Path file : files) {
                if (!names.contains(file.getFileName().toString())) {
                    Files.delete(file);
                }
            }
        }
    }
}
