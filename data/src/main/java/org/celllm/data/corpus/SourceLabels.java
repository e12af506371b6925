package org.celllm.data.corpus;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.celllm.data.InputException;
import org.celllm.data.cells.Disease;
import org.celllm.data.matrix.AnnotationTable;
import org.celllm.data.matrix.Column;
import org.jspecify.annotations.Nullable;

/**
 * Disease, tissue and label of the cells of one source, from what the user said and the columns the user named.
 *
 * @param diseases [cells] disease of each
 * @param tissues [cells] tissue of each, {@code null} where nobody said
 * @param labels [cells] label of each, such as its cell type, {@code null} where unknown
 * @param diseaseFrom where the disease comes from, for people
 * @param diseaseValues words of the column and what each was taken for
 * @param remarks what a person should know
 */
record SourceLabels(
        Disease[] diseases,
        @Nullable String[] tissues,
        @Nullable String[] labels,
        String diseaseFrom,
        Map<String, String> diseaseValues,
        List<String> remarks) {
    private static final int MOST_WORDS = 50;
    private static final List<String> LIKELY = List.of(
            "disease",
            "malignancy",
            "malignant",
            "condition",
            "disease_state",
            "tumor",
            "tumour",
            "diagnosis",
            "status");

    /**
     * What is known of the cells of a file.
     *
     * @throws InputException when the file lacks a column the user named
     */
    static SourceLabels of(CorpusSource source, AnnotationTable cells) {
        int n = cells.size();
        Disease[] diseases = new Disease[n];
        Disease otherwise = source.disease() == null ? Disease.UNKNOWN : source.disease();
        Map<String, String> words = new TreeMap<>();
        List<String> remarks = new ArrayList<>();
        String name = source.diseaseColumn();
        String from = source.disease() == null ? "nobody said" : "stated for the whole source";
        if (name != null) {
            from = "column '" + name + "'";
            Column column = column(source, cells, name);
            Map<String, Disease> known = new LinkedHashMap<>();
            for (int i = 0; i < n; i++) {
                String word = column.text(i);
                Disease disease =
                        word == null ? Disease.UNKNOWN : known.computeIfAbsent(word, w -> DiseaseWords.of(name, w));
                diseases[i] = disease == Disease.UNKNOWN ? otherwise : disease;
            }
            for (Map.Entry<String, Disease> entry : known.entrySet()) {
                if (words.size() < MOST_WORDS) {
                    words.put(entry.getKey(), entry.getValue().word());
                }
            }
            List<String> unread = known.entrySet().stream()
                    .filter(e -> e.getValue() == Disease.UNKNOWN)
                    .map(Map.Entry::getKey)
                    .limit(5)
                    .toList();
            if (!unread.isEmpty()) {
                remarks.add("values of '" + name + "' that say neither normal nor cancer: " + String.join(", ", unread)
                        + "; such cells are " + otherwise.word());
            }
        } else {
            java.util.Arrays.fill(diseases, otherwise);
            if (source.disease() == null) {
                cells.columns().keySet().stream()
                        .filter(c -> LIKELY.contains(c.toLowerCase(java.util.Locale.ROOT)))
                        .findFirst()
                        .ifPresent(c -> remarks.add(
                                "disease unknown, but there is a column '" + c + "': see --disease-column"));
            }
        }
        return new SourceLabels(
                diseases,
                words(source, cells, source.tissueColumn(), source.tissue()),
                words(source, cells, source.labelColumn(), null),
                from,
                words,
                remarks);
    }

    /** [cells] what a column says of each, or {@code otherwise} where it says nothing. */
    private static @Nullable String[] words(
            CorpusSource source, AnnotationTable cells, @Nullable String name, @Nullable String otherwise) {
        @Nullable String[] words = new @Nullable String[cells.size()];
        Column column = name == null ? null : column(source, cells, name);
        for (int i = 0; i < words.length; i++) {
            String text = column == null ? null : column.text(i);
            words[i] = text == null || text.isBlank() ? otherwise : text;
        }
        return words;
    }

    private static Column column(CorpusSource source, AnnotationTable cells, String name) {
        Column column = cells.column(name);
        if (column == null) {
            throw InputException.about(source.path())
                    .at("obs")
                    .found("has no column '" + name + "'")
                    .expected("one of: " + String.join(", ", cells.columns().keySet()))
                    .build();
        }
        return column;
    }
}
