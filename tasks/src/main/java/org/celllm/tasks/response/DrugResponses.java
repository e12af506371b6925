package org.celllm.tasks.response;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeSet;
import java.util.function.Predicate;
import java.util.stream.IntStream;
import org.celllm.data.InputException;
import org.celllm.data.table.HeadedTable;

/**
 * Measured responses of cell lines to drugs. The order is canonical, lines and drugs by name and pairs by line and then
 * drug, so that nothing computed from them depends on the order of a file's rows.
 *
 * @param lines names, ascending
 * @param drugs names, ascending
 * @param line [pairs] place of the line in {@code lines}
 * @param drug [pairs] place of the drug in {@code drugs}
 * @param lnIc50 [pairs] natural logarithm of the concentration (µM) that halves growth: lower is more sensitive
 */
public record DrugResponses(List<String> lines, List<String> drugs, int[] line, int[] drug, float[] lnIc50) {
    private static final float IMPOSSIBLE_LOGARITHM = 20;

    public DrugResponses {
        lines = ascending(lines);
        drugs = ascending(drugs);
        if (line.length != lnIc50.length || drug.length != lnIc50.length) {
            throw new IllegalArgumentException("lines, drugs and responses differ in number");
        }
        for (int i = 0; i < lnIc50.length; i++) {
            if (line[i] < 0 || line[i] >= lines.size() || drug[i] < 0 || drug[i] >= drugs.size()) {
                throw new IllegalArgumentException("pair " + i + " has no line or no drug");
            }
            if (!Float.isFinite(lnIc50[i])) {
                throw new IllegalArgumentException("pair " + i + " has the response " + lnIc50[i]);
            }
            if (i > 0 && (line[i] < line[i - 1] || (line[i] == line[i - 1] && drug[i] <= drug[i - 1]))) {
                throw new IllegalArgumentException("pair " + i + " is a duplicate or out of order");
            }
        }
    }

    /** The largest response, −∞ where there is none. */
    public float largest() {
        float largest = Float.NEGATIVE_INFINITY;
        for (float response : lnIc50) {
            largest = Math.max(largest, response);
        }
        return largest;
    }

    /**
     * Whether the responses look like concentrations instead of their logarithms: none is below zero, and one is beyond what a logarithm of a
     * concentration can be (e^20 µM are 485 mol/l).
     */
    public boolean looksLikeConcentrations() {
        for (float response : lnIc50) {
            if (response < 0) {
                return false;
            }
        }
        return largest() > IMPOSSIBLE_LOGARITHM;
    }

    /** One measurement. */
    public record Response(String line, String drug, float lnIc50) {}

    /**
     * Brings measurements into order.
     *
     * @param responses in any order, each pair once
     */
    public static DrugResponses of(List<Response> responses) {
        List<Response> ordered = responses.stream()
                .sorted(Comparator.comparing(Response::line).thenComparing(Response::drug))
                .toList();
        List<String> lines = names(ordered.stream().map(Response::line).toList());
        List<String> drugs = names(ordered.stream().map(Response::drug).toList());
        Map<String, Integer> lineAt = places(lines);
        Map<String, Integer> drugAt = places(drugs);
        int[] line = new int[ordered.size()];
        int[] drug = new int[ordered.size()];
        float[] lnIc50 = new float[ordered.size()];
        for (int i = 0; i < lnIc50.length; i++) {
            Response response = ordered.get(i);
            line[i] = lineAt.getOrDefault(response.line(), -1);
            drug[i] = drugAt.getOrDefault(response.drug(), -1);
            lnIc50[i] = response.lnIc50();
        }
        return new DrugResponses(lines, drugs, line, drug, lnIc50);
    }

    /**
     * Reads a csv or tsv, gzipped or not, with one pair a row.
     *
     * @throws InputException naming file and line when a column is missing, a response is no finite number, or a pair
     *     stands there twice
     */
    public static DrugResponses read(Path file, ResponseColumns columns) throws IOException {
        List<Response> responses = new ArrayList<>();
        Map<List<String>, Long> seen = new HashMap<>();
        try (HeadedTable table = HeadedTable.open(file)) {
            int drug = table.column(columns.drug(), "--drug-column");
            int line = table.column(columns.line(), "--line-column");
            int value = table.column(columns.lnIc50(), "--value-column");
            while (table.next()) {
                Response response = new Response(table.name(line), table.name(drug), table.number(value));
                Long first = seen.putIfAbsent(List.of(response.line(), response.drug()), table.line());
                if (first != null) {
                    throw table.error()
                            .found("has the drug " + response.drug() + " on the line " + response.line()
                                    + " a second time, after line " + first)
                            .expected("each pair once")
                            .remedy("Average repeated measurements, or keep one of them")
                            .build();
                }
                responses.add(response);
            }
        }
        if (responses.isEmpty()) {
            throw InputException.about(file)
                    .found("has no row below its header")
                    .build();
        }
        return of(responses);
    }

    /** How many pairs were measured. */
    public int pairs() {
        return lnIc50.length;
    }

    /** The pairs whose line and drug both are wanted; lines and drugs that no pair is left of go too. */
    public DrugResponses where(Predicate<String> wantedLine, Predicate<String> wantedDrug) {
        return of(IntStream.range(0, pairs())
                .mapToObj(i -> new Response(lines.get(line[i]), drugs.get(drug[i]), lnIc50[i]))
                .filter(pair -> wantedLine.test(pair.line()) && wantedDrug.test(pair.drug()))
                .toList());
    }

    /** The responses of some pairs. */
    public float[] at(int[] pairs) {
        float[] chosen = new float[pairs.length];
        for (int i = 0; i < pairs.length; i++) {
            chosen[i] = lnIc50[pairs[i]];
        }
        return chosen;
    }

    private static List<String> ascending(List<String> names) {
        for (int i = 1; i < names.size(); i++) {
            if (names.get(i).compareTo(names.get(i - 1)) <= 0) {
                throw new IllegalArgumentException("the name " + names.get(i) + " is a duplicate or out of order");
            }
        }
        return List.copyOf(names);
    }

    private static List<String> names(List<String> all) {
        return List.copyOf(new TreeSet<>(all));
    }

    static Map<String, Integer> places(List<String> names) {
        Map<String, Integer> places = new HashMap<>();
        for (int i = 0; i < names.size(); i++) {
            places.put(names.get(i), i);
        }
        return places;
    }
}
