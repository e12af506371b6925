package org.celllm.data.genes;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.celllm.data.InputException;
import org.celllm.data.matrix.AnnotationTable;
import org.jspecify.annotations.Nullable;

/**
 * Which gene is meant: finds the column that names the genes, brings every name to one canonical form, and maps genes
 * to a vocabulary. With an {@link HgncTable} it knows previous symbols, aliases, Ensembl and Entrez ids, with a
 * {@link GencodeTable} more of Ensembl's ids and names, with an {@link OrthologueTable} mouse genes; without any, names
 * have to be the vocabulary's own (but for versions of Ensembl ids). A name that several genes go by is taken for none
 * of them. Immutable and thread safe.
 */
public final class GeneIdentity {
    /** Below this share of the smaller side, the genes of file and model do not belong together. */
    public static final double LEAST_OVERLAP = GeneOverlap.LEAST;

    private static final int EXAMPLES = 5;

    private final @Nullable HgncTable table;
    private final boolean tables;
    private final boolean orthologues;
    private final NameResolver resolver;

    private GeneIdentity(
            @Nullable HgncTable table, @Nullable GencodeTable gencode, @Nullable OrthologueTable orthologues) {
        this.table = table;
        this.tables = table != null || gencode != null || orthologues != null;
        this.orthologues = orthologues != null;
        this.resolver = new NameResolver(table, gencode, orthologues);
    }

    /** Names as they are. */
    public static GeneIdentity plain() {
        return new GeneIdentity(null, null, null);
    }

    /** With approved names, aliases and ids. */
    public static GeneIdentity with(HgncTable table) {
        return new GeneIdentity(table, null, null);
    }

    /** With the tables that there are; each may be {@code null}. */
    public static GeneIdentity of(
            @Nullable HgncTable table, @Nullable GencodeTable gencode, @Nullable OrthologueTable orthologues) {
        return new GeneIdentity(table, gencode, orthologues);
    }

    /** Whether any table is known, so that names are looked up rather than taken as they are. */
    public boolean hasTables() {
        return tables;
    }

    /** Whether human genes are found for mouse names. */
    public boolean hasOrthologues() {
        return orthologues;
    }

    /**
     * The genes under their canonical names, taken from the column that most likely names them: symbols before ids,
     * the index before columns, unless tables tell ids apart better.
     */
    public GeneNames canonical(AnnotationTable genes) {
        GeneNames best = null;
        double bestScore = -1;
        List<NameColumn> candidates = NameColumn.candidates(genes);
        for (NameColumn column : candidates) {
            // How well a column names the genes by itself: ids beside it come in only when it is chosen.
            GeneNames names = resolver.all(column, List.of());
            double score = column.plausibility() + (tables ? 2 * resolvedShare(names) : 0);
            if (score > bestScore) {
                best = tables ? resolver.all(column, beside(column, candidates)) : names;
                bestScore = score;
            }
        }
        if (best == null) {
            throw new IllegalStateException("a table always has its index");
        }
        return best;
    }

    private static List<NameColumn> beside(NameColumn column, List<NameColumn> candidates) {
        return candidates.stream()
                .filter(other -> !other.column().equals(column.column()) && other.isIds())
                .toList();
    }

    private double resolvedShare(GeneNames names) {
        long resolved = names.resolutions().stream()
                .filter(gene -> table == null ? gene.resolved() : gene.approved())
                .count();
        return (double) resolved / Math.max(1, names.size());
    }

    /**
     * The canonical name of a single name: the approved symbol where the tables know it, else the name without a
     * genome prefix ({@code GRCh38_}) and, for an Ensembl id, without its version.
     */
    public String canonical(String name) {
        return resolver.single(name).canonical();
    }

    /** What a single name means, and by which rule. */
    public GeneResolution resolve(String name) {
        return resolver.single(name);
    }

    /**
     * Maps the genes of a slot to a vocabulary, by the column that maps the most of them. A name counts as it is, then
     * canonically, then as the duplicate that tools number ({@code TBCE-1}, {@code TBCE.1}), then with the hyphens
     * that R turns into dots ({@code HLA.A}). Several genes may map to one place: their values are to be summed.
     */
    public GeneMapping map(AnnotationTable genes, GeneVocabulary vocabulary) {
        List<String> wanted = vocabulary.names();
        NameColumn own = new NameColumn(GeneNames.INDEX, wanted, IdentifierKind.of(wanted));
        List<String> canonical = resolver.all(own, List.of()).canonical();
        Map<String, Integer> canonicalPlaces = new HashMap<>();
        for (int i = 0; i < vocabulary.size(); i++) {
            canonicalPlaces.putIfAbsent(canonical.get(i), i);
        }
        GeneMapping best = null;
        List<NameColumn> candidates = NameColumn.candidates(genes);
        for (NameColumn column : candidates) {
            List<NameColumn> ids = tables ? beside(column, candidates) : List.of();
            GeneMapping mapping = map(resolver.all(column, ids), vocabulary, canonicalPlaces);
            if (best == null || mapping.covered() > best.covered()) {
                best = mapping;
            }
        }
        if (best == null) {
            throw new IllegalStateException("a table always has its index");
        }
        return best;
    }

    private static GeneMapping map(GeneNames names, GeneVocabulary vocabulary, Map<String, Integer> canonicalPlaces) {
        Set<String> given = new HashSet<>(names.given());
        int[] target = new int[names.size()];
        boolean[] taken = new boolean[vocabulary.size()];
        int mapped = 0;
        int renamed = 0;
        int duplicated = 0;
        int ambiguous = 0;
        List<String> renamedExamples = new ArrayList<>();
        List<String> duplicatedExamples = new ArrayList<>();
        List<String> unknownExamples = new ArrayList<>();
        List<String> ambiguousExamples = new ArrayList<>();
        for (int i = 0; i < target.length; i++) {
            GeneResolution gene = names.resolutions().get(i);
            int place = place(gene, given, vocabulary, canonicalPlaces);
            target[i] = place;
            if (place < 0 && gene.rule() == ResolutionRule.AMBIGUOUS) {
                ambiguous++;
                example(ambiguousExamples, gene.name() + ": " + String.join(", ", gene.others()));
            }
            if (place < 0) {
                example(unknownExamples, gene.name());
                continue;
            }
            mapped++;
            String found = vocabulary.names().get(place);
            if (gene.kind() == IdentifierKind.SYMBOL && !found.equals(gene.name())) {
                renamed++;
                example(renamedExamples, gene.name() + " → " + found);
            }
            if (taken[place]) {
                duplicated++;
                example(duplicatedExamples, found);
            }
            taken[place] = true;
        }
        return new GeneMapping(
                names,
                vocabulary.size(),
                target,
                mapped,
                renamed,
                duplicated,
                target.length - mapped,
                ambiguous,
                mapped - duplicated,
                renamedExamples,
                duplicatedExamples,
                unknownExamples,
                ambiguousExamples);
    }

    private static int place(
            GeneResolution gene, Set<String> given, GeneVocabulary vocabulary, Map<String, Integer> canonicalPlaces) {
        int exact = vocabulary.indexOf(gene.name());
        if (exact >= 0) {
            return exact;
        }
        String canonical = gene.canonical();
        Integer known = canonicalPlaces.get(canonical);
        if (known != null) {
            return known;
        }
        if (gene.rule() == ResolutionRule.AMBIGUOUS) {
            return -1;
        }
        String base = NameColumn.withoutNumber(canonical);
        if (base != null && given.contains(base)) {
            Integer first = canonicalPlaces.get(base);
            if (first != null) {
                return first;
            }
        }
        Integer hyphened = canonical.indexOf('.') < 0 ? null : canonicalPlaces.get(canonical.replace('.', '-'));
        return hyphened == null ? -1 : hyphened;
    }

    private static void example(List<String> examples, String text) {
        if (examples.size() < EXAMPLES) {
            examples.add(text);
        }
    }

    /**
     * Fails when so few genes map that file and vocabulary cannot belong together.
     *
     * @param mapping what {@link #map} gave
     * @param vocabulary the vocabulary it was mapped to
     * @param file what the error is about
     * @throws InputException showing the first names of both sides
     */
    public static void requireOverlap(GeneMapping mapping, GeneVocabulary vocabulary, Object file) {
        GeneOverlap.require(mapping, vocabulary, file);
    }
}
