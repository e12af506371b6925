package org.celllm.data.interactions;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.OptionalDouble;
import java.util.regex.Pattern;
import org.celllm.data.InputException;
import org.celllm.data.genes.GeneVocabulary;
import org.celllm.data.table.TextLines;
import org.celllm.data.table.TextNumbers;
import org.jspecify.annotations.Nullable;

/**
 * Reads a network of genes: STRING's {@code protein.links} with the names of its {@code protein.info}, or a table of
 * symbol pairs with or without a score, with a header or not, gzipped or not. The first two columns are the genes; what
 * {@link InteractionLayout} finds is the score.
 */
public final class InteractionFile {
    /** The least score of an interaction that counts, where there are scores: STRING's "medium confidence". */
    public static final double USUAL_SCORE = 400;

    /** Lines that are kept, at most: 160 MB. STRING's human file has 13.7 million, most of them below 400. */
    private static final int MOST_LINES = 20_000_000;

    private static final int LONGEST_NAME = 200;
    private static final Pattern STRING_ID = Pattern.compile("[0-9]+\\.[A-Za-z0-9_.:-]+");

    private final TextLines lines;
    private final Path file;
    private final @Nullable ProteinNames proteins;
    private final OptionalDouble least;
    private final Map<String, Integer> places = new HashMap<>();
    private final List<String> names = new ArrayList<>();
    private long[] pairs = new long[1 << 12];
    private int kept;
    private long read;
    private long below;
    private long unknown;
    private double highest = Double.NEGATIVE_INFINITY;

    private InteractionFile(TextLines lines, Path file, @Nullable ProteinNames proteins, OptionalDouble least) {
        this.lines = lines;
        this.file = file;
        this.proteins = proteins;
        this.least = least;
    }

    /**
     * What a file holds.
     *
     * @param network the genes with at least one interaction that counts
     * @param minScore the least score that counted; empty when the file has no scores
     * @param lines interactions that were read
     * @param below of these, how many had too low a score
     * @param unknown how many named a protein without a known name
     * @param repeated how many said again what another said, or joined a gene to itself
     */
    public record Contents(
            GeneNetwork network, OptionalDouble minScore, long lines, long below, long unknown, long repeated) {}

    /**
     * Reads a file.
     *
     * @param proteins names of STRING's proteins; {@code null} when the file holds symbols
     * @param minScore the least score that counts; empty for {@link #USUAL_SCORE} where there are scores
     * @throws InputException when a line cannot be understood, a score is asked for where there is none, or nothing is left
     */
    public static Contents read(Path file, @Nullable ProteinNames proteins, OptionalDouble minScore)
            throws IOException {
        try (TextLines lines = new TextLines(file)) {
            return new InteractionFile(lines, file, proteins, minScore).read();
        }
    }

    private Contents read() throws IOException {
        InteractionLayout layout = lines.next() ? InteractionLayout.of(line()) : null;
        if (layout == null) {
            throw wrong(
                    lines.number() == 0 ? "is empty" : "cannot be understood",
                    "two genes and a score a line, or a header that says which column is the score (combined_score)");
        }
        if (layout.score() < 0 && least.isPresent()) {
            throw InputException.about(file)
                    .found("has no column of scores")
                    .expected("a column combined_score or score for --min-score")
                    .remedy("Leave --min-score out: every interaction then counts")
                    .build();
        }
        if (!layout.header()) {
            add(layout);
        }
        while (lines.next()) {
            add(layout);
        }
        requireSome();
        GeneNetwork network = GeneNetwork.of(names, Arrays.copyOf(pairs, kept));
        if (network.edges() == 0) {
            throw InputException.about(file)
                    .found("joins genes to themselves only")
                    .expected("pairs of different genes")
                    .build();
        }
        return new Contents(
                linked(network),
                layout.score() < 0 ? OptionalDouble.empty() : OptionalDouble.of(threshold()),
                read,
                below,
                unknown,
                kept - network.edges());
    }

    private double threshold() {
        return least.orElse(USUAL_SCORE);
    }

    private String line() {
        return new String(lines.bytes(), 0, lines.length(), StandardCharsets.UTF_8);
    }

    private void add(InteractionLayout layout) {
        String line = line();
        if (line.isBlank()) {
            return;
        }
        String[] fields = layout.fields(line);
        if (fields == null) {
            throw wrong("does not hold as many columns as the first line", layout.columns() + " columns");
        }
        read++;
        if (layout.score() >= 0) {
            double score = score(fields[layout.score()]);
            highest = Math.max(highest, score);
            if (score < threshold()) {
                below++;
                return;
            }
        }
        String one = gene(fields[0]);
        String other = gene(fields[1]);
        if (one == null || other == null) {
            unknown++;
            return;
        }
        if (kept == MOST_LINES) {
            throw wrong("goes beyond " + MOST_LINES + " interactions", "fewer");
        }
        if (kept == pairs.length) {
            pairs = Arrays.copyOf(pairs, Math.min(MOST_LINES, 2 * kept));
        }
        pairs[kept++] = GeneNetwork.pair(place(one), place(other));
    }

    private double score(String field) {
        byte[] bytes = field.getBytes(StandardCharsets.UTF_8);
        double score = TextNumbers.parse(bytes, 0, bytes.length);
        if (Double.isNaN(score) || score < 0) {
            throw wrong("holds the score \"" + shown(field) + "\"", "a number that is not negative");
        }
        return score;
    }

    private @Nullable String gene(String field) {
        if (field.isEmpty()
                || field.length() > LONGEST_NAME
                || field.indexOf('\0') >= 0
                || field.indexOf('\uFFFD') >= 0) {
            throw wrong("holds no gene's name but \"" + shown(field) + "\"", "two names of genes, in UTF-8");
        }
        if (proteins != null) {
            return proteins.gene(field);
        }
        if (STRING_ID.matcher(field).matches()) {
            throw lines.error()
                    .found("names the protein " + field)
                    .expected("symbols of genes")
                    .remedy("Give STRING's protein.info with --info: it holds their names")
                    .build();
        }
        return field;
    }

    private static String shown(String field) {
        return field.length() > 40 ? field.substring(0, 40) + "…" : field;
    }

    private int place(String name) {
        Integer place = places.get(name);
        if (place != null) {
            return place;
        }
        if (names.size() == GeneVocabulary.MOST_GENES) {
            throw wrong("is of one gene too many", GeneVocabulary.MOST_GENES + " genes at most");
        }
        places.put(name, names.size());
        names.add(name);
        return names.size() - 1;
    }

    private InputException wrong(String found, String expected) {
        return lines.error()
                .found(found)
                .expected(expected)
                .remedy("Give STRING's protein.links with --info, or a table of symbol pairs")
                .build();
    }

    private void requireSome() {
        if (kept > 0) {
            return;
        }
        InputException.Builder nothing = InputException.about(file);
        if (read > 0 && below == read) {
            throw nothing.found(String.format(
                            Locale.ROOT, "holds no score of at least %s; its highest is %s", threshold(), highest))
                    .remedy("Choose a lower --min-score")
                    .build();
        }
        if (unknown > 0) {
            throw nothing.found("names no protein that --info knows")
                    .expected("both files of the same organism and release")
                    .build();
        }
        throw nothing.found("holds no interactions")
                .expected("two genes a line")
                .build();
    }

    /** Without the genes that are joined to themselves only. */
    private static GeneNetwork linked(GeneNetwork network) {
        int[] degrees = network.degrees();
        int[] place = new int[degrees.length];
        List<String> names = new ArrayList<>();
        for (int gene = 0; gene < degrees.length; gene++) {
            place[gene] = names.size();
            if (degrees[gene] > 0) {
                names.add(network.genes().names().get(gene));
            }
        }
        if (names.size() == degrees.length) {
            return network;
        }
        int[] first = Arrays.stream(network.first()).map(gene -> place[gene]).toArray();
        int[] second = Arrays.stream(network.second()).map(gene -> place[gene]).toArray();
        return new GeneNetwork(new GeneVocabulary(names), first, second);
    }
}
