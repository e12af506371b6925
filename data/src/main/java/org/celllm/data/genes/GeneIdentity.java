package org.celllm.data.genes;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import org.celllm.data.InputException;
import org.celllm.data.matrix.AnnotationTable;
import org.jspecify.annotations.Nullable;

/**
 * Which gene is meant: finds the column that names the genes, brings every name to one canonical form, and maps genes
 * to a vocabulary. With an {@link HgncTable} it knows previous symbols, aliases, Ensembl and Entrez ids; without one,
 * names have to be the vocabulary's own (but for versions of Ensembl ids). Immutable and thread safe.
 */
public final class GeneIdentity {
    /** Below this share of the smaller side, the genes of file and model do not belong together. */
    public static final double LEAST_OVERLAP = 0.1;

    private static final int EXAMPLES = 5;

    private final @Nullable HgncTable table;

    private GeneIdentity(@Nullable HgncTable table) {
        this.table = table;
    }

    /** Names as they are. */
    public static GeneIdentity plain() {
        return new GeneIdentity(null);
    }

    /** With approved names, aliases and ids. */
    public static GeneIdentity with(HgncTable table) {
        return new GeneIdentity(table);
    }

    /** With a table where there is one. */
    public static GeneIdentity of(@Nullable HgncTable table) {
        return new GeneIdentity(table);
    }

    /**
     * The genes under their canonical names, taken from the column that most likely names them: symbols before ids,
     * the index before columns, unless a table tells ids apart better.
     */
    public GeneNames canonical(AnnotationTable genes) {
        GeneNames best = null;
        double bestScore = -1;
        for (NameColumn column : NameColumn.candidates(genes)) {
            GeneNames names = names(column);
            double score = column.plausibility() + (table == null ? 0 : 2 * approvedShare(names));
            if (score > bestScore) {
                best = names;
                bestScore = score;
            }
        }
        if (best == null) {
            throw new IllegalStateException("a table always has its index");
        }
        return best;
    }

    private double approvedShare(GeneNames names) {
        HgncTable known = table;
        long approved = known == null
                ? 0
                : names.canonical().stream().filter(known::isApproved).count();
        return (double) approved / Math.max(1, names.size());
    }

    /**
     * The canonical name of a single name: the approved symbol where the table knows it, else the name without a
     * genome prefix ({@code GRCh38_}) and, for an Ensembl id, without its version.
     */
    public String canonical(String name) {
        return canonical(name, IdentifierKind.of(name.strip()));
    }

    private String canonical(String name, IdentifierKind kind) {
        String bare = NameColumn.withoutGenome(name.strip());
        if (kind == IdentifierKind.NUMBER) {
            return bare;
        }
        IdentifierKind own = kind == IdentifierKind.SYMBOL ? IdentifierKind.of(bare) : kind;
        // A name of digits among symbols is a symbol; only a column of digits is of Entrez ids.
        IdentifierKind used = own == IdentifierKind.ENTREZ && kind == IdentifierKind.SYMBOL ? kind : own;
        String symbol = table == null ? null : table.symbol(bare, used);
        if (symbol != null) {
            return symbol;
        }
        return used == IdentifierKind.ENSEMBL ? IdentifierKind.withoutVersion(bare) : bare;
    }

    private GeneNames names(NameColumn column) {
        IdentifierKind kind = column.kind();
        List<String> canonical = new ArrayList<>(column.names().size());
        int renamed = 0;
        for (String name : column.names()) {
            String found = canonical(name, kind);
            renamed += found.equals(name) ? 0 : 1;
            canonical.add(found);
        }
        return new GeneNames(column.column(), kind, column.names(), canonical, renamed);
    }

    /**
     * Maps the genes of a slot to a vocabulary, by the column that maps the most of them. A name counts as it is, then
     * canonically, then as the duplicate that tools number ({@code TBCE-1}, {@code TBCE.1}), then with the hyphens
     * that R turns into dots ({@code HLA.A}). Several genes may map to one place: their values are to be summed.
     */
    public GeneMapping map(AnnotationTable genes, GeneVocabulary vocabulary) {
        Map<String, Integer> canonicalPlaces = new HashMap<>();
        for (int i = 0; i < vocabulary.size(); i++) {
            canonicalPlaces.putIfAbsent(canonical(vocabulary.names().get(i)), i);
        }
        GeneMapping best = null;
        for (NameColumn column : NameColumn.candidates(genes)) {
            GeneMapping mapping = map(names(column), vocabulary, canonicalPlaces);
            if (best == null || mapping.covered() > best.covered()) {
                best = mapping;
            }
        }
        if (best == null) {
            throw new IllegalStateException("a table always has its index");
        }
        return best;
    }

    private GeneMapping map(GeneNames names, GeneVocabulary vocabulary, Map<String, Integer> canonicalPlaces) {
        Set<String> given = new HashSet<>(names.given());
        int[] target = new int[names.size()];
        boolean[] taken = new boolean[vocabulary.size()];
        int mapped = 0;
        int renamed = 0;
        int duplicated = 0;
        List<String> renamedExamples = new ArrayList<>();
        List<String> duplicatedExamples = new ArrayList<>();
        List<String> unknownExamples = new ArrayList<>();
        for (int i = 0; i < target.length; i++) {
            String name = names.given().get(i);
            int place = place(name, names.canonical().get(i), given, vocabulary, canonicalPlaces);
            target[i] = place;
            if (place < 0) {
                example(unknownExamples, name);
                continue;
            }
            mapped++;
            String found = vocabulary.names().get(place);
            if (names.kind() == IdentifierKind.SYMBOL && !found.equals(name)) {
                renamed++;
                example(renamedExamples, name + " → " + found);
            }
            if (taken[place]) {
                duplicated++;
                example(duplicatedExamples, found);
            }
            taken[place] = true;
        }
        int unknown = target.length - mapped;
        return new GeneMapping(
                names,
                vocabulary.size(),
                target,
                mapped,
                renamed,
                duplicated,
                unknown,
                mapped - duplicated,
                renamedExamples,
                duplicatedExamples,
                unknownExamples);
    }

    private int place(
            String name,
            String canonical,
            Set<String> given,
            GeneVocabulary vocabulary,
            Map<String, Integer> canonicalPlaces) {
        int exact = vocabulary.indexOf(name);
        if (exact >= 0) {
            return exact;
        }
        Integer known = canonicalPlaces.get(canonical);
        if (known != null) {
            // An alias of a gene that the file has under its own name is another gene.
            boolean other = table != null && table.isAlias(name) && given.contains(canonical);
            return other ? -1 : known;
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
        int smaller = Math.min(mapping.names().size(), vocabulary.size());
        if (mapping.covered() > 0 && mapping.covered() >= LEAST_OVERLAP * smaller) {
            return;
        }
        throw InputException.about(file)
                .found((mapping.mapped() == 0 ? "none" : "only " + mapping.mapped()) + " of its "
                        + mapping.names().size()
                        + " genes " + (mapping.mapped() == 1 ? "is" : "are") + " known to the model: its genes are "
                        + first(mapping.names().given()) + " ("
                        + mapping.names().kind().word() + "s)")
                .expected("genes like " + first(vocabulary.names()))
                .remedy(remedy(mapping, vocabulary))
                .build();
    }

    private static String remedy(GeneMapping mapping, GeneVocabulary vocabulary) {
        IdentifierKind wanted = IdentifierKind.of(vocabulary.names());
        if (mapping.names().kind() == IdentifierKind.NUMBER) {
            return "The file has row numbers where the names of its genes should be: put the names into var";
        }
        if (wanted != mapping.names().kind()) {
            return "Give an HGNC table with --hgnc to translate "
                    + mapping.names().kind().word() + "s to " + wanted.word() + "s, or put " + wanted.word()
                    + "s into a column of var";
        }
        Set<String> upper = new HashSet<>();
        mapping.names().given().forEach(name -> upper.add(name.toUpperCase(Locale.ROOT)));
        long inCapitals = vocabulary.names().stream().filter(upper::contains).count();
        if (inCapitals >= LEAST_OVERLAP * Math.min(upper.size(), vocabulary.size())) {
            return "In capitals they would match: these look like genes of another species, whose human orthologues"
                    + " have to be put into var first";
        }
        return "Check that var holds gene names, and that the model is of the same species";
    }

    private static String first(List<String> names) {
        return String.join(", ", names.subList(0, Math.min(5, names.size()))) + (names.size() > 5 ? ", …" : "");
    }
}
