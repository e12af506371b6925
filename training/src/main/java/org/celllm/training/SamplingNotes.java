package org.celllm.training;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.stream.Collectors;
import org.celllm.data.corpus.CorpusStrata;

/** What a person should know of the shares in which cells are drawn. */
final class SamplingNotes {
    /** Strata that are named: those drawn most often. */
    private static final int MOST_NAMED = 12;

    private SamplingNotes() {}

    /**
     * One sentence with the strata, and one for each that has more places in a batch than cells.
     *
     * @param cells of an epoch
     * @param batch cells a step
     */
    static List<String> of(CorpusStrata strata, long cells, int batch) {
        List<CorpusStrata.Drawn> drawn = strata.drawn().stream()
                .sorted(Comparator.comparingDouble(one -> -times(one, cells)))
                .toList();
        List<String> notes = new ArrayList<>();
        notes.add("cells are drawn in shares (" + strata.weights().text() + "), an epoch is still " + cells + " cells: "
                + drawn.stream()
                        .limit(MOST_NAMED)
                        .map(one -> String.format(
                                Locale.ROOT,
                                "%s %.1f%% (%,d cells, each %s times an epoch)",
                                one.name(),
                                100 * one.share(),
                                one.cells(),
                                figure(times(one, cells))))
                        .collect(Collectors.joining("; "))
                + (drawn.size() > MOST_NAMED ? "; and " + (drawn.size() - MOST_NAMED) + " more" : ""));
        for (CorpusStrata.Drawn one : drawn.subList(0, Math.min(MOST_NAMED, drawn.size()))) {
            if (one.share() * batch > one.cells()) {
                notes.add(String.format(
                        Locale.ROOT,
                        "a batch of %,d has about %,d places for the %,d cells of %s, which stand in it several times: the"
                                + " contrastive objective holds them against themselves unless --exclude duplicates is"
                                + " given",
                        batch,
                        Math.round(one.share() * batch),
                        one.cells(),
                        one.name()));
            }
        }
        return notes;
    }

    private static double times(CorpusStrata.Drawn one, long cells) {
        return one.share() * cells / one.cells();
    }

    private static String figure(double times) {
        return times < 10 ? String.format(Locale.ROOT, "%.2f", times) : String.format(Locale.ROOT, "%,.0f", times);
    }
}
