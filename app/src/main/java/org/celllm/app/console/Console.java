package org.celllm.app.console;

import java.io.PrintStream;
import java.io.PrintWriter;
import java.nio.charset.StandardCharsets;
import java.util.List;
import org.celllm.data.progress.Progress;

/**
 * Where the command writes: results to {@code out}, progress, notices and errors to {@code err}.
 *
 * @param out standard output
 * @param err standard error
 * @param terminal whether {@code err} is a terminal, on which a bar can be drawn
 */
public record Console(PrintStream out, PrintStream err, boolean terminal) {
    /** The console of this process; the launcher says whether it is a terminal. */
    public static Console ofProcess() {
        return new Console(System.out, System.err, Boolean.getBoolean("celllm.terminal"));
    }

    /** One line of the result. */
    public void line(String text) {
        out.println(text);
    }

    /** A heading above a table, with an empty line before it. */
    public void heading(String text) {
        out.println();
        out.println(text);
    }

    /**
     * A table.
     *
     * @param header one title a column
     * @param rows as wide as the header; numbers stand to the right
     */
    public void table(List<String> header, List<List<String>> rows) {
        out.println(TextTable.of(header, rows));
    }

    /** A notice that is no result: what was decided, what will take long. */
    public void notice(String text) {
        err.println(text);
    }

    /** The one line of an error. */
    public void error(String sentence) {
        err.println("celllm: error: " + sentence);
    }

    /** A fault of ours, with its stack trace. */
    public void fault(Throwable failure) {
        err.println("celllm: this is a fault in CellLM, not in your input; please report it with these lines:");
        failure.printStackTrace(err);
    }

    /** Progress in the form that suits where {@code err} goes. */
    public Progress progress() {
        return terminal ? new ProgressBars(err) : new ProgressLines(err);
    }

    /** {@code out} as picocli wants it. */
    public PrintWriter outWriter() {
        return new PrintWriter(out, true, StandardCharsets.UTF_8);
    }

    /** {@code err} as picocli wants it. */
    public PrintWriter errWriter() {
        return new PrintWriter(err, true, StandardCharsets.UTF_8);
    }
}
