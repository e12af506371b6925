package org.celllm.app.command;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import org.celllm.data.InputException;
import org.celllm.tasks.embed.CellFile;
import org.celllm.tasks.labels.CellLabels;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/** Another file to test on, and under which names its labels are those of the first. */
final class TestFileOptions {
    @Option(
            names = "--test",
            paramLabel = "FILE",
            description =
                    "Instead of folds: learn from 80%% of FILE's labels, anew for each seed, or from --few-shot of them,"
                            + " and test on the cells of this file.")
    @Nullable
    Path file;

    @Option(
            names = "--test-label",
            paramLabel = "COLUMN",
            description = "Column of obs with the labels of --test (default: that of --label).")
    @Nullable
    String label;

    @Option(
            names = "--rename",
            paramLabel = "LABEL=NAME",
            description =
                    "With --test, takes a label of either file for another name, so that the same cells have the same"
                            + " name in both; may be given several times.")
    List<String> renames = new ArrayList<>();

    private final Set<String> seen = new TreeSet<>();

    /**
     * Refuses to test on what is learned from.
     *
     * @throws InputException when both are the same file
     */
    static void requireOther(Path learned, Path tested) throws IOException {
        if (Files.exists(learned) && Files.exists(tested) && Files.isSameFile(learned, tested)) {
            throw InputException.about("--test " + tested)
                    .found("is the file that is learned from")
                    .expected("other cells")
                    .remedy("Leave --test out: the protocols for one file hold cells out")
                    .build();
        }
    }

    /** Refuses options that mean nothing without a file to test on. */
    void checkAlone() {
        if (label != null || !renames.isEmpty()) {
            throw InputException.about(label != null ? "--test-label" : "--rename")
                    .found("is given without --test")
                    .remedy("Name the file to test on by --test, or leave it out")
                    .build();
        }
    }

    /**
     * New name by old.
     *
     * @throws InputException when one is no LABEL=NAME, or a label is to have two names
     */
    Map<String, String> renamed() {
        Map<String, String> names = new LinkedHashMap<>();
        for (String rename : renames) {
            int at = rename.indexOf('=');
            if (at < 1 || rename.substring(at + 1).isBlank()) {
                throw InputException.about("--rename " + rename)
                        .found(at < 0 ? "no =" : at == 0 ? "no label before =" : "no name after =")
                        .expected("LABEL=NAME")
                        .build();
            }
            String old = names.put(rename.substring(0, at), rename.substring(at + 1));
            if (old != null && !old.equals(rename.substring(at + 1))) {
                throw InputException.about("--rename " + rename)
                        .found("the label is to be named " + old + ", too")
                        .expected("one name for each label")
                        .build();
            }
        }
        return names;
    }

    /** Labels under their new names. */
    CellLabels renamed(CellLabels labels) {
        seen.addAll(labels.names());
        return labels.renamed(renamed());
    }

    /**
     * The labels of the tested file.
     *
     * @param path of the file
     * @param opened the file
     * @param usual the column of the first file's labels
     */
    CellLabels theirs(Path path, CellFile opened, String usual) {
        return renamed(CellLabels.of(CellLabels.texts(path, opened.cells(), label == null ? usual : label)));
    }

    /**
     * The tested file's labels that the first has too.
     *
     * @throws InputException when there is none, or a name that was to be another is in neither file
     */
    CellLabels shared(Path path, CellLabels theirs, CellLabels own) {
        for (Map.Entry<String, String> one : renamed().entrySet()) {
            if (!seen.contains(one.getKey())) {
                throw InputException.about("--rename " + one.getKey() + "=" + one.getValue())
                        .found("neither file has a label \"" + one.getKey() + "\"")
                        .expected("one of " + seen)
                        .build();
            }
        }
        if (theirs.labelled() == 0) {
            throw InputException.about(path)
                    .at("labels")
                    .found("no cell has a label")
                    .remedy("Name the column of its labels by --test-label")
                    .build();
        }
        CellLabels shared = theirs.over(own.names());
        if (shared.labelled() == 0) {
            throw InputException.about(path)
                    .at("labels")
                    .found("none of " + theirs.names() + " is a label of the cells to learn from")
                    .expected("some of " + own.names())
                    .remedy("Say which are the same, such as --rename \"CD4 T cell=CD4 T\"")
                    .build();
        }
        return shared;
    }

    /** Names of the tested file that the first lacks. */
    static Set<String> unknown(CellLabels theirs, CellLabels own) {
        Set<String> unknown = new TreeSet<>(theirs.names());
        own.names().forEach(unknown::remove);
        return unknown;
    }
}
