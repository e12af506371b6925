package org.celllm.data.corpus;

import java.io.IOException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collection;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import org.celllm.data.InputException;
import org.celllm.data.cells.Disease;

/**
 * The cells of a split by what decides how often they are drawn, and the share of each stratum. Holds 4 bytes a cell.
 */
public final class CorpusStrata {
    private static final int CELLS_AT_ONCE = 4096;

    private final Split split;
    private final SamplingWeights weights;
    private final List<Stratum> strata;

    /**
     * Cells that are drawn equally often.
     *
     * @param names what they have in common, by field
     * @param cells their numbers in the corpus, ascending
     * @param meanLength mean expressed genes of a cell
     * @param share of all places that they get, from 0 to 1
     */
    record Stratum(Map<StratumField, String> names, int[] cells, double meanLength, double share) {
        String name() {
            return String.join(", ", names.values());
        }
    }

    /**
     * What a stratum is drawn like.
     *
     * @param name what its cells have in common
     * @param cells how many there are
     * @param share of all places that they get, from 0 to 1
     */
    public record Drawn(String name, long cells, double share) {}

    /** A stratum while it is filled. */
    private static final class Filling {
        private final Map<StratumField, String> names;
        private int[] cells = new int[16];
        private int count;
        private long values;

        Filling(Map<StratumField, String> names) {
            this.names = names;
        }

        void add(int cell, int length) {
            if (count == cells.length) {
                cells = Arrays.copyOf(cells, count + (count >> 1));
            }
            cells[count++] = cell;
            values += length;
        }
    }

    private CorpusStrata(Split split, SamplingWeights weights, List<Stratum> strata) {
        this.split = split;
        this.weights = weights;
        this.strata = strata;
    }

    /**
     * Finds the strata of a split.
     *
     * @throws InputException when a name that has a weight does not occur, when there is nothing to balance, or when the
     *     corpus has more than 2,147,483,639 cells
     */
    static CorpusStrata of(Corpus corpus, Split split, SamplingWeights weights) throws IOException {
        if (corpus.cells() > Integer.MAX_VALUE - 8) {
            throw InputException.about(corpus.folder())
                    .found("has more cells than can be drawn by weights")
                    .build();
        }
        Map<Long, Filling> filled = new LinkedHashMap<>();
        for (long first = 0; first < corpus.cells(); first += CELLS_AT_ONCE) {
            int count = (int) Math.min(CELLS_AT_ONCE, corpus.cells() - first);
            char[] tissues = corpus.tissues(first, count);
            for (int i = 0; i < count; i++) {
                long cell = first + i;
                if (Split.of(cell) == split) {
                    Numbers numbers = Numbers.of(corpus, cell, tissues[i]).of(weights);
                    filled.computeIfAbsent(numbers.key(), key -> new Filling(numbers.names(corpus.manifest(), weights)))
                            .add((int) cell, corpus.length(cell));
                }
            }
        }
        check(weights, filled.values());
        return new CorpusStrata(split, weights, shared(weights, filled.values()));
    }

    /** What a cell is told apart by, as stored; 0 for what does not count. */
    private record Numbers(int disease, int tissue, int source, int label) {
        static Numbers of(Corpus corpus, long cell, int tissue) {
            return new Numbers(corpus.disease(cell).code(), tissue, corpus.source(cell), corpus.label(cell));
        }

        Numbers of(SamplingWeights weights) {
            return new Numbers(
                    weights.fields().contains(StratumField.DISEASE) ? disease : 0,
                    weights.fields().contains(StratumField.TISSUE) ? tissue : 0,
                    weights.fields().contains(StratumField.SOURCE) ? source : 0,
                    weights.fields().contains(StratumField.LABEL) ? label : 0);
        }

        long key() {
            return ((long) source << 16 | tissue) << 18 | (long) label << 2 | disease;
        }

        Map<StratumField, String> names(CorpusManifest manifest, SamplingWeights weights) {
            Map<StratumField, String> names = new LinkedHashMap<>();
            for (StratumField field : weights.fields()) {
                names.put(
                        field,
                        switch (field) {
                            case DISEASE -> Disease.of(disease).word();
                            case TISSUE -> name(manifest.tissues(), tissue);
                            case SOURCE -> manifest.sources().get(source).name();
                            case LABEL -> name(manifest.labels(), label);
                        });
            }
            return names;
        }

        private static String name(List<String> names, int number) {
            return number == 0 ? "unknown" : names.get(number - 1);
        }
    }

    private static void check(SamplingWeights weights, Collection<Filling> filled) {
        weights.weights().forEach((field, byName) -> {
            Set<String> there =
                    filled.stream().map(one -> one.names.get(field)).collect(Collectors.toCollection(TreeSet::new));
            for (String name : byName.keySet()) {
                if (!there.contains(name)) {
                    throw InputException.about("--weight " + field.word() + "=" + name)
                            .found("no cell to train on is of that " + field.word())
                            .expected("one of: " + list(there))
                            .build();
                }
            }
        });
        if (!weights.balance().isEmpty()
                && filled.stream()
                                .map(one -> group(weights, one.names))
                                .distinct()
                                .count()
                        == 1) {
            String word = String.join(
                    ",", weights.balance().stream().map(StratumField::word).toList());
            throw InputException.about("--balance " + word)
                    .found("has nothing to balance: all cells to train on are of one " + word + ", '"
                            + String.join(", ", group(weights, filled.iterator().next().names)) + "'")
                    .remedy("Leave it out, or say more of the sources when the corpus is built")
                    .build();
        }
    }

    private static String list(Set<String> names) {
        String some = names.stream().limit(20).collect(Collectors.joining(", "));
        return names.size() > 20 ? some + " and " + (names.size() - 20) + " more" : some;
    }

    /** What is drawn equally often. */
    private static List<String> group(SamplingWeights weights, Map<StratumField, String> names) {
        return weights.balance().stream()
                .map(field -> String.valueOf(names.get(field)))
                .toList();
    }

    private static List<Stratum> shared(SamplingWeights weights, Collection<Filling> filled) {
        Map<List<String>, Long> cells = new HashMap<>();
        filled.forEach(one -> cells.merge(group(weights, one.names), (long) one.count, Long::sum));
        double[] shares = filled.stream()
                .mapToDouble(one -> {
                    double share = weights.balance().isEmpty()
                            ? one.count
                            : one.count / (double) cells.getOrDefault(group(weights, one.names), 1L);
                    for (Map.Entry<StratumField, String> name : one.names.entrySet()) {
                        share *= weights.weights()
                                .getOrDefault(name.getKey(), Map.of())
                                .getOrDefault(name.getValue(), 1.0);
                    }
                    return share;
                })
                .toArray();
        double all = Arrays.stream(shares).sum();
        List<Stratum> strata = new ArrayList<>();
        for (Filling one : filled) {
            strata.add(new Stratum(
                    one.names,
                    Arrays.copyOf(one.cells, one.count),
                    (double) one.values / one.count,
                    shares[strata.size()] / all));
        }
        return List.copyOf(strata);
    }

    /** In the order in which their first cells stand in the corpus. */
    List<Stratum> strata() {
        return strata;
    }

    Split split() {
        return split;
    }

    /** What was asked for. */
    public SamplingWeights weights() {
        return weights;
    }

    /** How each is drawn, in the order in which their first cells stand in the corpus. */
    public List<Drawn> drawn() {
        return strata.stream()
                .map(one -> new Drawn(one.name(), one.cells().length, one.share()))
                .toList();
    }

    /** All cells. */
    long cells() {
        return strata.stream().mapToLong(one -> one.cells().length).sum();
    }

    /** Expressed genes of a cell as it is drawn, in the mean. */
    double meanLength() {
        return strata.stream()
                .mapToDouble(one -> one.share() * one.meanLength())
                .sum();
    }

    /**
     * The places of each stratum when so many are shared out, whole numbers that add up to it: at least one each where
     * there are enough, else within one of the share.
     */
    long[] places(long all) {
        long[] places = new long[strata.size()];
        Integer[] byRest = new Integer[places.length];
        long given = 0;
        for (int i = 0; i < places.length; i++) {
            byRest[i] = i;
            places[i] =
                    Math.max(all >= places.length ? 1 : 0, (long) (strata.get(i).share() * all));
            given += places[i];
        }
        Arrays.sort(byRest, (a, b) -> Double.compare(missing(b, places, all), missing(a, places, all)));
        for (int i = 0; given < all; i = (i + 1) % places.length) {
            places[byRest[i]]++;
            given++;
        }
        while (given > all) {
            int largest = 0;
            for (int i = 1; i < places.length; i++) {
                largest = places[i] > places[largest] ? i : largest;
            }
            places[largest]--;
            given--;
        }
        return places;
    }

    private double missing(int stratum, long[] places, long all) {
        return strata.get(stratum).share() * all - places[stratum];
    }
}
