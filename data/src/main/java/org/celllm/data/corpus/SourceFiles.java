package org.celllm.data.corpus;

import java.io.IOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.regex.Pattern;
import org.celllm.data.InputException;

/**
 * Turns what the user named into single sources: a list into its items, a folder into its files and those of its
 * subfolders, in the order of their names. A folder with a matrix of 10x files is one source.
 *
 * @param sources single sources
 * @param ignored files in folders that are not matrices by their names
 */
record SourceFiles(List<CorpusSource> sources, List<Path> ignored) {
    private static final Pattern MATRIX =
            Pattern.compile(".*\\.(h5ad|h5|hdf5|loom|zarr|csv|tsv|txt|tab)(\\.gz|\\.zip)?");
    private static final Pattern MARKET = Pattern.compile("(.*[._-])?matrix\\.mtx(\\.gz)?");
    private static final int DEEPEST = 8;

    static SourceFiles of(List<CorpusSource> named) throws IOException {
        SourceFiles files = new SourceFiles(new ArrayList<>(), new ArrayList<>());
        for (CorpusSource source : named) {
            if (SourceList.isList(source.path())) {
                for (CorpusSource item : SourceList.read(source.path())) {
                    files.add(item);
                }
            } else {
                files.add(source);
            }
        }
        return files;
    }

    private void add(CorpusSource source) throws IOException {
        if (Files.isDirectory(source.path()) && !isOneSource(source.path())) {
            int before = sources.size();
            expand(source, source.path(), 0);
            if (sources.size() == before) {
                throw InputException.about(source.path())
                        .found("is a folder without any matrix")
                        .expected(".h5ad, .h5, .csv or .tsv files, or 10x folders")
                        .build();
            }
        } else {
            sources.add(source);
        }
    }

    private void expand(CorpusSource source, Path folder, int depth) throws IOException {
        List<Path> children = new ArrayList<>();
        try (DirectoryStream<Path> stream = Files.newDirectoryStream(folder)) {
            stream.forEach(children::add);
        }
        children.sort(null);
        for (Path child : children) {
            String name = child.getFileName().toString();
            if (name.startsWith(".")) {
                continue;
            }
            if (Files.isDirectory(child, LinkOption.NOFOLLOW_LINKS)) {
                if (isOneSource(child)) {
                    sources.add(source.at(child));
                } else if (depth < DEEPEST) {
                    expand(source, child, depth + 1);
                }
            } else if (MATRIX.matcher(name.toLowerCase(Locale.ROOT)).matches()) {
                sources.add(source.at(child));
            } else {
                ignored.add(child);
            }
        }
    }

    private static boolean isOneSource(Path folder) throws IOException {
        if (folder.toString().endsWith(".zarr")) {
            return true;
        }
        try (DirectoryStream<Path> children = Files.newDirectoryStream(folder)) {
            for (Path child : children) {
                if (MARKET.matcher(child.getFileName().toString()).matches()) {
                    return true;
                }
            }
        }
        return false;
    }
}
