package org.celllm.tasks.pieces;

import java.io.IOException;
import java.nio.file.DirectoryStream;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.celllm.data.InputException;
import org.celllm.data.files.SafeFiles;
import org.jspecify.annotations.Nullable;

/**
 * The hidden folder beside an output in which the finished cells of a run stand, {@code .OUT.PID.pieces}:
 * {@code basis.json} says what they depend on, {@code cells} is a {@link PieceFile}. It goes when the output has its
 * name. A run that is killed leaves it; one that {@linkplain CellRun#resume() goes on} takes it over, any other removes
 * it.
 */
public final class PieceFolder {
    private static final String BASIS = "basis.json";
    private static final String CELLS = "cells";
    private static final String PIECES = ".pieces";

    private PieceFolder() {}

    /** Finishes the cells that are missing and makes the output of all. */
    @FunctionalInterface
    public interface Work<R> {
        /** @param pieces with the cells that are finished, open at their end */
        R with(PieceFile pieces) throws IOException;
    }

    /**
     * Does the work with the pieces of an output.
     *
     * @param out the output; its folder is made when it is not there
     * @param basis of the results
     * @param columns numbers a cell
     * @throws InputException when the run goes on with another whose results depended on something else, which stays as
     *     it is; or when the folder cannot be written
     * @throws IOException of the work; finished cells then stay for a run that goes on, unless the input was at fault
     */
    public static <R> R through(Path out, RunBasis basis, int columns, CellRun run, Work<R> work) throws IOException {
        Path folder = prepare(out, basis, run);
        boolean keep = run.resume();
        int finished = 0;
        try (PieceFile pieces = open(folder, columns)) {
            if (run.resume() && pieces.cells() > 0) {
                run.notices()
                        .accept("going on with a run for " + out + " that was cut off: " + count(pieces.cells())
                                + " are finished"
                                + (pieces.damaged() ? ", what follows them was not whole" : ""));
            } else if (run.resume()) {
                run.notices().accept("nothing is left of a run for " + out + ": from the start");
            }
            try {
                R result = work.with(pieces);
                keep = false;
                return result;
            } catch (Throwable e) {
                // A slip in the command that goes on does not cost what was finished.
                boolean input = e instanceof InputException && !(e.getCause() instanceof IOException);
                finished = pieces.cells();
                keep = (run.resume() || !input) && finished > 0;
                if (e instanceof IOException failed) {
                    throw SafeFiles.asInput(out, failed);
                }
                throw e;
            }
        } finally {
            if (!keep) {
                SafeFiles.deleteTree(folder);
            } else if (finished > 0) {
                run.notices()
                        .accept(count(finished)
                                + " are finished; --resume goes on with them, a run without it removes them");
            }
        }
    }

    private static PieceFile open(Path folder, int columns) throws IOException {
        return PieceFile.open(folder.resolve(CELLS), columns);
    }

    private static Path prepare(Path out, RunBasis basis, CellRun run) throws IOException {
        Path target = out.toAbsolutePath().normalize();
        Path parent = target.getParent();
        Path name = target.getFileName();
        if (parent == null || name == null) {
            throw InputException.about(out).found("is not a file name").build();
        }
        Path mine = parent.resolve("." + name + "." + ProcessHandle.current().pid() + PIECES);
        try {
            Files.createDirectories(parent);
            List<Path> left = abandoned(parent, name.toString());
            Path kept = run.resume() ? furthest(out, left, basis) : null;
            for (Path one : left) {
                if (!one.equals(kept)) {
                    remove(out, one, run);
                }
            }
            if (kept == null) {
                begin(mine, basis);
            } else if (!kept.equals(mine)) {
                SafeFiles.rename(kept, mine);
            }
            return mine;
        } catch (FileSystemException e) {
            throw InputException.about(out)
                    .found("cannot be written: " + e.getMessage())
                    .remedy("Choose a folder you may write to")
                    .build(e);
        }
    }

    private static void begin(Path folder, RunBasis basis) throws IOException {
        boolean done = false;
        try {
            Files.createDirectories(folder);
            basis.write(folder.resolve(BASIS));
            done = true;
        } finally {
            if (!done) {
                SafeFiles.deleteTree(folder);
            }
        }
    }

    /** What killed runs left: folders of pieces, and an output that was being written. */
    private static List<Path> abandoned(Path parent, String name) throws IOException {
        Pattern pattern = Pattern.compile(Pattern.quote("." + name + ".") + "(\\d{1,18})\\.(pieces|tmp|tmp\\.reserve)");
        List<Path> left = new ArrayList<>();
        try (DirectoryStream<Path> siblings = Files.newDirectoryStream(parent)) {
            for (Path sibling : siblings) {
                Matcher matcher = pattern.matcher(sibling.getFileName().toString());
                if (matcher.matches() && isGone(Long.parseLong(matcher.group(1)))) {
                    left.add(sibling);
                }
            }
        }
        return left;
    }

    private static boolean isGone(long pid) {
        // A process may get the number of one that was killed, in a container often.
        return pid == ProcessHandle.current().pid()
                || ProcessHandle.of(pid).map(process -> !process.isAlive()).orElse(true);
    }

    /** The folder with the most cells among those of the same basis; an error where there are others only. */
    private static @Nullable Path furthest(Path out, List<Path> left, RunBasis basis) throws IOException {
        List<Path> byCells = new ArrayList<>();
        for (Path one : left) {
            if (PieceFile.claimed(one.resolve(CELLS)) > 0) {
                byCells.add(one);
            }
        }
        // Negative sizes: the furthest first.
        byCells.sort(
                Comparator.comparingLong(one -> -one.resolve(CELLS).toFile().length()));
        List<String> differences = List.of();
        for (Path one : byCells) {
            RunBasis then = RunBasis.read(one.resolve(BASIS));
            if (then == null) {
                continue;
            }
            List<String> found = then.differences(basis);
            if (found.isEmpty()) {
                return one;
            }
            differences = differences.isEmpty() ? found : differences;
        }
        if (!differences.isEmpty()) {
            throw InputException.about(out)
                    .found("--resume cannot go on with the run that was cut off, for it would give other results ("
                            + String.join("; ", differences) + ")")
                    .remedy("Give what was given then, or leave --resume out: that removes what was finished")
                    .build();
        }
        return null;
    }

    private static void remove(Path out, Path one, CellRun run) throws IOException {
        int finished = PieceFile.claimed(one.resolve(CELLS));
        SafeFiles.deleteTree(one);
        if (finished > 0) {
            run.notices()
                    .accept("removed what was left of a run for " + out + " that was cut off (" + count(finished)
                            + ", which --resume would have gone on with)");
        }
    }

    private static String count(int cells) {
        return String.format(Locale.ROOT, "%,d cells", cells);
    }
}
