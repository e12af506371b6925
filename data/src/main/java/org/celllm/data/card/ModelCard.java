package org.celllm.data.card;

import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import org.celllm.data.files.SafeFiles;

/**
 * A model's card in Markdown: what it is, data, size, scores and limits (after Mitchell et al., <i>Model cards for model
 * reporting</i>, FAT* 2019). For people: programs read the JSON files beside it, and nothing reads a card.
 */
public final class ModelCard {
    /** The file's name in a model's folder. */
    public static final String FILE = "MODEL_CARD.md";

    private final StringBuilder text = new StringBuilder();

    /**
     * Begins a card.
     *
     * @param what the model is, in a few words
     */
    public ModelCard(String what) {
        text.append("# ").append(line(what)).append("\n\n");
    }

    /** Begins a section: Data, Size, Scores, Limits. */
    public ModelCard section(String name) {
        text.append("\n## ").append(line(name)).append("\n\n");
        return this;
    }

    /** Adds a paragraph. */
    public ModelCard paragraph(String sentence) {
        text.append(line(sentence)).append("\n\n");
        return this;
    }

    /** Adds a point to a list. */
    public ModelCard point(String sentence) {
        text.append("- ").append(line(sentence)).append('\n');
        return this;
    }

    /**
     * Adds a table.
     *
     * @param columns their names
     * @param rows each with a value a column
     */
    public ModelCard table(List<String> columns, List<List<String>> rows) {
        row(columns);
        text.append("|---".repeat(columns.size())).append("|\n");
        rows.forEach(this::row);
        text.append('\n');
        return this;
    }

    /** A score as cards show it, with three places after the point. */
    public static String figure(double value) {
        return String.format(Locale.ROOT, "%.3f", value);
    }

    /** A count, in groups of three digits. */
    public static String whole(long count) {
        return String.format(Locale.ROOT, "%,d", count);
    }

    /** Writes the card into a model's folder. */
    public void write(Path folder) throws IOException {
        SafeFiles.text(folder.resolve(FILE), text());
    }

    /** The card. */
    public String text() {
        return text.toString().replaceAll("\n{3,}", "\n\n").strip() + "\n";
    }

    private void row(List<String> values) {
        for (String value : values) {
            text.append("| ").append(line(value).replace("|", "\\|")).append(' ');
        }
        text.append("|\n");
    }

    /** What was read from files must not look like another line of the card. */
    private static String line(String value) {
        return value.replaceAll("[\\p{Cntrl}\\s]+", " ").strip();
    }
}
