package org.celllm.tasks.pieces;

import java.util.function.Consumer;
import org.celllm.data.progress.Progress;

/**
 * How the cells of a file are gone through; nothing here changes a byte of what comes of it.
 *
 * @param resume whether to go on with a run for the same output that was cut off
 * @param notices told, in a sentence each, what was found of such a run and what becomes of it
 * @param progress told how far it is
 */
public record CellRun(boolean resume, Consumer<String> notices, Progress progress) {
    /** From the start, saying nothing. */
    public static CellRun usual() {
        return new CellRun(false, notice -> {}, Progress.SILENT);
    }

    /** The same, going on where there is something to go on with. */
    public CellRun resuming() {
        return new CellRun(true, notices, progress);
    }

    /** The same, with somebody to tell. */
    public CellRun telling(Consumer<String> notices) {
        return new CellRun(resume, notices, progress);
    }

    /** The same, saying how far it is. */
    public CellRun with(Progress progress) {
        return new CellRun(resume, notices, progress);
    }
}
