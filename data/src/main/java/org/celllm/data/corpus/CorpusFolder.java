package org.celllm.data.corpus;

import com.fasterxml.jackson.databind.json.JsonMapper;
import java.io.IOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import org.celllm.data.InputException;
import org.celllm.data.files.SafeFiles;
import org.jspecify.annotations.Nullable;

/**
 * A corpus folder in the making: hidden beside its name until it is published. {@code parts/} in it holds what each
 * finished source gave ({@link CorpusParts}) and {@code corpus/} is what will get the name. While shards move from one to
 * the other, {@code moves.json} says from where to where, so that a build that goes on can take them back first.
 */
final class CorpusFolder {
    private static final String BUILDING = ".building";
    private static final String OLD = ".old";
    private static final JsonMapper JSON = new JsonMapper();

    private final Path target;
    private final Path work;
    private boolean published;

    private CorpusFolder(Path target, Path work) {
        this.target = target;
        this.work = work;
    }

    /**
     * Makes the hidden folder, or takes over that of a build that was cut off. Without {@code resume} such folders go.
     *
     * @throws InputException when the target exists and may not be replaced
     */
    static CorpusFolder prepare(Path out, boolean replace, BuildRun run) throws IOException {
        Path target = out.toAbsolutePath().normalize();
        Path parent = target.getParent();
        if (parent == null) {
            throw InputException.about(out).found("is not a name for a folder").build();
        }
        Files.createDirectories(parent);
        String prefix = "." + target.getFileName() + ".";
        List<Path> left = new ArrayList<>();
        try (DirectoryStream<Path> siblings = Files.newDirectoryStream(parent)) {
            for (Path sibling : siblings) {
                String name = sibling.getFileName().toString();
                if (!name.startsWith(prefix) || !abandoned(name, prefix)) {
                    continue;
                }
                if (name.endsWith(BUILDING)) {
                    left.add(sibling);
                } else if (name.endsWith(OLD)) {
                    restoreOrDelete(sibling, target);
                }
            }
        }
        requireFree(out, target, replace);
        Path work = parent.resolve(prefix + ProcessHandle.current().pid() + BUILDING);
        Path kept = run.resume() ? furthest(left) : null;
        if (run.resume()) {
            run.notices()
                    .accept(
                            kept == null
                                    ? "nothing is left of a build of " + out + ": from the start"
                                    : "going on with a build of " + out + " that was cut off: "
                                            + CorpusParts.finished(kept.resolve("parts")) + " sources are finished");
        }
        for (Path one : left) {
            if (!one.equals(kept)) {
                long finished = CorpusParts.finished(one.resolve("parts"));
                SafeFiles.deleteTree(one);
                run.notices()
                        .accept("removed what was left of a build of " + out + " that was cut off (" + finished
                                + " finished sources, which --resume would have gone on with)");
            }
        }
        if (kept != null && !kept.equals(work)) {
            SafeFiles.rename(kept, work);
        }
        CorpusFolder folder = new CorpusFolder(target, work);
        folder.takeBack();
        SafeFiles.deleteTree(folder.whole());
        Files.createDirectories(folder.shards());
        return folder;
    }

    /** What stood under the name before it was replaced: back where the replacement never came, else gone. */
    private static void restoreOrDelete(Path old, Path target) throws IOException {
        if (Files.exists(target)) {
            SafeFiles.deleteTree(old);
        } else {
            SafeFiles.rename(old, target);
        }
    }

    private static @Nullable Path furthest(List<Path> left) throws IOException {
        Path best = null;
        long most = -1;
        for (Path one : left) {
            long finished = CorpusParts.finished(one.resolve("parts"));
            if (finished > most) {
                best = one;
                most = finished;
            }
        }
        return best;
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
        // A process may get the number of one that was killed, in a container often.
        return pid.matches("\\d{1,18}")
                && (Long.parseLong(pid) == ProcessHandle.current().pid()
                        || ProcessHandle.of(Long.parseLong(pid))
                                .map(p -> !p.isAlive())
                                .orElse(true));
    }

    Path target() {
        return target;
    }

    Path parts() {
        return work.resolve("parts");
    }

    private Path whole() {
        return work.resolve("corpus");
    }

    Path shards() {
        return whole().resolve("shards");
    }

    Path genes() {
        return whole().resolve("genes.tsv");
    }

    Path manifest() {
        return whole().resolve("manifest.json");
    }

    private Path moves() {
        return work.resolve("moves.json");
    }

    /**
     * Moves shards into the corpus.
     *
     * @param moves [from, to] each
     */
    void move(List<Path[]> moves) throws IOException {
        List<String[]> names = new ArrayList<>();
        for (Path[] move : moves) {
            names.add(new String[] {
                work.relativize(move[0]).toString(), work.relativize(move[1]).toString()
            });
        }
        SafeFiles.text(moves(), JSON.writeValueAsString(names));
        for (Path[] move : moves) {
            SafeFiles.rename(move[0], move[1]);
        }
        SafeFiles.syncFolder(shards());
    }

    private void takeBack() throws IOException {
        if (!Files.exists(moves())) {
            return;
        }
        for (String[] move : JSON.readValue(moves().toFile(), String[][].class)) {
            Path moved = work.resolve(move[1]);
            if (Files.exists(moved)) {
                SafeFiles.rename(moved, work.resolve(move[0]));
            }
        }
        Files.delete(moves());
    }

    /** Gives the corpus its name; what had it before goes. */
    void publish() throws IOException {
        Path old = work.resolveSibling(
                "." + target.getFileName() + "." + ProcessHandle.current().pid() + OLD);
        SafeFiles.syncFolder(whole());
        if (Files.exists(target)) {
            SafeFiles.rename(target, old);
        }
        try {
            SafeFiles.rename(whole(), target);
        } catch (IOException e) {
            if (Files.exists(old)) {
                Files.move(old, target, StandardCopyOption.ATOMIC_MOVE);
            }
            throw e;
        }
        published = true;
        SafeFiles.syncFolder(target.resolveSibling("."));
        SafeFiles.deleteTree(old);
    }

    /** How many sources a build that goes on would not read again; 0 once the corpus has its name. */
    long finished() throws IOException {
        return published ? 0 : CorpusParts.finished(parts());
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
