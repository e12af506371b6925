package org.celllm.tasks.expression;

import java.io.IOException;
import java.nio.file.Path;
import java.util.function.Consumer;
import org.celllm.data.cells.CellBatch;

/** Cells to hide expression in, over a model's genes. */
interface HiddenCells {
    /** What the figures are said of: a file, or a source of a corpus. */
    String name();

    /** The same in a word, for progress. */
    String shortName();

    /** Where it lies, for errors. */
    Path path();

    /** All cells there are. */
    int all();

    /** Cells that are guessed in. */
    int guessed();

    /** Cells whose bins are counted, for what is guessed without a model: those that are guessed in, and perhaps more. */
    int counted();

    /** Which of the genes the model knows, in words. */
    String genes();

    /** Reads the cells to count, a batch at a time. */
    void count(Consumer<CellBatch> use) throws IOException;

    /** Reads the cells to guess in, a batch at a time. */
    void guess(Consumer<CellBatch> use) throws IOException;
}
