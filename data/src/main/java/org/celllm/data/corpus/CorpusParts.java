package org.celllm.data.corpus;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.json.JsonMapper;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.DirectoryStream;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;
import org.celllm.data.InputException;
import org.celllm.data.files.SafeFiles;
import org.celllm.data.files.Sha256;
import org.jspecify.annotations.Nullable;

/**
 * What a build has finished, on disk: a folder for each source, named by what was said of it, with {@code seen.json}
 * (its genes) and {@code part.json} (its cells, beside its shards). Both are synced and renamed into place when all
 * they speak of is there, and say what they were made from; what was made from anything else is made again.
 *
 * <p>Thread safe for different sources.
 */
final class CorpusParts {
    private static final String SEEN = "seen.json";
    private static final String PART = "part.json";
    private static final JsonMapper JSON = JsonMapper.builder()
            .enable(DeserializationFeature.FAIL_ON_NULL_FOR_PRIMITIVES)
            .enable(DeserializationFeature.FAIL_ON_MISSING_CREATOR_PROPERTIES)
            .build();

    private final Path root;
    private final Consumer<String> notices;

    CorpusParts(Path root, Consumer<String> notices) {
        this.root = root;
        this.notices = notices;
    }

    /**
     * What something was made from.
     *
     * @param file size and modification time of the source; of every file where it is a folder
     * @param settings whatever else decides the bytes
     */
    record Basis(String file, String settings) {
        static Basis of(CorpusSource source, String settings) throws IOException {
            return new Basis(fingerprint(source.path()), settings);
        }

        private static String fingerprint(Path path) throws IOException {
            if (!Files.isDirectory(path)) {
                return Files.size(path) + " bytes of " + Files.getLastModifiedTime(path);
            }
            List<String> files = new ArrayList<>();
            try (DirectoryStream<Path> children = Files.newDirectoryStream(path)) {
                for (Path child : children) {
                    files.add(
                            child.getFileName() + ": " + (Files.isDirectory(child) ? "a folder" : fingerprint(child)));
                }
            }
            files.sort(null);
            return Sha256.of(String.join("\n", files).getBytes(StandardCharsets.UTF_8));
        }
    }

    /** The genes of a source. */
    record Seen(Basis basis, SourceImport.SeenGenes genes) {}

    /** The cells of a source. */
    record Part(Basis basis, SourceImport.Imported imported) {}

    /** The folder of a source. */
    Path folder(CorpusSource source) {
        String said = String.join(
                "\n",
                source.path().toString(),
                String.valueOf(source.name()),
                String.valueOf(source.disease()),
                String.valueOf(source.diseaseColumn()),
                String.valueOf(source.tissue()),
                String.valueOf(source.tissueColumn()),
                String.valueOf(source.labelColumn()),
                source.values().word());
        return root.resolve(Sha256.of(said.getBytes(StandardCharsets.UTF_8)).substring(0, 24));
    }

    /** The genes of a source, where they were found from the same file in the same way. */
    SourceImport.@Nullable SeenGenes seen(CorpusSource source, Basis basis) throws IOException {
        Seen seen = read(folder(source).resolve(SEEN), Seen.class);
        return seen != null && current(source, seen.basis, basis) ? seen.genes : null;
    }

    /** The cells of a source, where they were read from the same file in the same way and all are there. */
    SourceImport.@Nullable Imported part(CorpusSource source, Basis basis) throws IOException {
        Path folder = folder(source);
        Part part = read(folder.resolve(PART), Part.class);
        if (part == null || !current(source, part.basis, basis)) {
            return null;
        }
        for (CorpusManifest.Shard shard : part.imported.shards()) {
            Path file = folder.resolve(shard.file());
            if (!Files.isRegularFile(file)
                    || Files.size(file) != shard.bytes()
                    || !Files.isRegularFile(ShardWriter.numbers(folder, shard.file()))) {
                return null;
            }
        }
        return part.imported;
    }

    /** An empty place for the shards of a source; its genes stay. */
    Path place(CorpusSource source) throws IOException {
        Path folder = folder(source);
        try {
            Files.createDirectories(folder);
            // First, so that no kill leaves it without its shards.
            Files.deleteIfExists(folder.resolve(PART));
            try (DirectoryStream<Path> left = Files.newDirectoryStream(folder, name -> !name.endsWith(SEEN))) {
                for (Path file : left) {
                    Files.delete(file);
                }
            }
        } catch (FileSystemException e) {
            throw new ShardWriter.Unwritable(InputException.about(folder)
                    .found("cannot be written: " + e.getMessage())
                    .remedy("Choose a folder you may write to")
                    .build(e));
        }
        return folder;
    }

    void save(CorpusSource source, Seen seen) throws IOException {
        write(folder(source).resolve(SEEN), seen);
    }

    void save(CorpusSource source, Part part) throws IOException {
        write(folder(source).resolve(PART), part);
    }

    /** How many sources are finished. */
    static long finished(Path root) throws IOException {
        if (!Files.isDirectory(root)) {
            return 0;
        }
        long finished = 0;
        try (DirectoryStream<Path> folders = Files.newDirectoryStream(root)) {
            for (Path folder : folders) {
                finished += Files.exists(folder.resolve(PART)) ? 1 : 0;
            }
        }
        return finished;
    }

    private boolean current(CorpusSource source, Basis then, Basis now) {
        if (!then.file.equals(now.file)) {
            notices.accept(source.path() + " has changed since the build was cut off: it is read again");
        } else if (!then.settings.equals(now.settings)) {
            notices.accept(
                    source.path()
                            + " is read again: the genes, the filters or the tables of gene names differ from the build's that was cut off");
        }
        return then.equals(now);
    }

    private static <T> @Nullable T read(Path file, Class<T> type) throws IOException {
        if (!Files.isRegularFile(file)) {
            return null;
        }
        try {
            return JSON.readValue(file.toFile(), type);
        } catch (JsonProcessingException e) {
            // Written by another version: made again.
            return null;
        }
    }

    private static void write(Path file, Object content) throws IOException {
        try {
            SafeFiles.text(file, JSON.writeValueAsString(content));
        } catch (InputException e) {
            throw new ShardWriter.Unwritable(e);
        }
    }
}
