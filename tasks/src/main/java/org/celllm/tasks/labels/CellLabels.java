package org.celllm.tasks.labels;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.IntStream;
import org.celllm.data.InputException;
import org.celllm.data.matrix.AnnotationTable;
import org.celllm.data.matrix.Column;
import org.jspecify.annotations.Nullable;

/**
 * A label for each cell. Names are in alphabetical order, so that the same cells give the same codes whatever file
 * they came in.
 *
 * @param names the distinct labels
 * @param codes [cells] index into {@code names}, −1 where a cell has no label
 */
public record CellLabels(List<String> names, int[] codes) {
    /** What stands for "no label" in a column, beside a missing value. */
    private static final List<String> MISSING = List.of("", "nan", "NaN", "NA", "None", "unassigned");

    public CellLabels {
        names = List.copyOf(names);
        for (int code : codes) {
            if (code < -1 || code >= names.size()) {
                throw new IllegalArgumentException("no label has the code " + code);
            }
        }
    }

    /**
     * Labels from a text for each cell; {@code null}, an empty text, {@code nan}, {@code NA}, {@code None} and
     * {@code unassigned} are missing.
     */
    public static CellLabels of(List<@Nullable String> texts) {
        TreeMap<String, Integer> order = new TreeMap<>();
        for (String text : texts) {
            if (text != null && !MISSING.contains(text)) {
                order.put(text, 0);
            }
        }
        List<String> names = new ArrayList<>(order.keySet());
        for (int i = 0; i < names.size(); i++) {
            order.put(names.get(i), i);
        }
        int[] codes = new int[texts.size()];
        for (int i = 0; i < codes.length; i++) {
            String text = texts.get(i);
            Integer code = text == null ? null : order.get(text);
            codes[i] = code == null ? -1 : code;
        }
        return new CellLabels(names, codes);
    }

    /**
     * Labels from a column of a file.
     *
     * @param file for the message only
     * @throws InputException when there is no such column (says which there are), or it has fewer than two labels
     */
    public static CellLabels read(Path file, AnnotationTable cells, String column) {
        CellLabels labels = of(texts(file, cells, column));
        if (labels.names().size() < 2) {
            throw InputException.about(file)
                    .at("obs column " + column)
                    .found(
                            labels.names().isEmpty()
                                    ? "no cell has a label"
                                    : "every labelled cell is \""
                                            + labels.names().get(0) + "\"")
                    .expected("two labels at least")
                    .remedy("Name another column by --label")
                    .build();
        }
        if (labels.names().size() > labels.labelled() / 2 && labels.names().size() > 50) {
            throw InputException.about(file)
                    .at("obs column " + column)
                    .found(labels.names().size() + " different values over " + labels.labelled() + " cells")
                    .expected("classes that several cells share")
                    .remedy("Name a column of categories by --label")
                    .build();
        }
        return labels;
    }

    /**
     * The texts of a column.
     *
     * @throws InputException when there is no such column
     */
    public static List<@Nullable String> texts(Path file, AnnotationTable cells, String column) {
        Column found = cells.column(column);
        if (found == null) {
            throw InputException.about(file)
                    .at("obs")
                    .found("no column \"" + column + "\" among "
                            + cells.columns().keySet())
                    .expected("a column of labels")
                    .remedy("celllm inspect shows the columns; name one of them")
                    .build();
        }
        List<@Nullable String> texts = new ArrayList<>(cells.size());
        for (int i = 0; i < cells.size(); i++) {
            texts.add(found.text(i));
        }
        return texts;
    }

    /**
     * The same cells under other names; names that become the same are one class.
     *
     * @param renamed new name by old; names that are not in it stay
     */
    public CellLabels renamed(Map<String, String> renamed) {
        List<@Nullable String> texts = new ArrayList<>(codes.length);
        for (int code : codes) {
            String name = code < 0 ? null : names.get(code);
            texts.add(name == null ? null : renamed.getOrDefault(name, name));
        }
        return of(texts);
    }

    /**
     * The same labels by the classes of other cells.
     *
     * @param classes names in their order; a cell whose label is not among them has none
     */
    public CellLabels over(List<String> classes) {
        int[] found = new int[codes.length];
        for (int i = 0; i < found.length; i++) {
            found[i] = codes[i] < 0 ? -1 : classes.indexOf(names.get(codes[i]));
        }
        return new CellLabels(classes, found);
    }

    /** How many classes. */
    public int classes() {
        return names.size();
    }

    /** How many cells have a label. */
    public int labelled() {
        return (int) Arrays.stream(codes).filter(code -> code >= 0).count();
    }

    /** The cells that have a label, ascending. */
    public int[] labelledCells() {
        return IntStream.range(0, codes.length).filter(i -> codes[i] >= 0).toArray();
    }

    /** Codes of some cells, in that order. */
    public int[] codesOf(int[] cells) {
        int[] chosen = new int[cells.length];
        for (int i = 0; i < cells.length; i++) {
            chosen[i] = codes[cells[i]];
        }
        return chosen;
    }

    /** Cells of each class. */
    public int[] counts() {
        int[] counts = new int[names.size()];
        for (int code : codes) {
            if (code >= 0) {
                counts[code]++;
            }
        }
        return counts;
    }
}
