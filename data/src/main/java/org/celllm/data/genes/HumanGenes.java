package org.celllm.data.genes;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/**
 * What single names of human genes mean by the tables that are there. The HGNC table decides what is approved; GENCODE's
 * adds ids and names that it lacks and tells which of several genes a name is, where its id does. Where the two
 * contradict each other, the name is ambiguous.
 */
final class HumanGenes {
    private static final int MOST_OTHERS = 6;

    private final @Nullable HgncTable hgnc;
    private final @Nullable GencodeTable gencode;

    HumanGenes(@Nullable HgncTable hgnc, @Nullable GencodeTable gencode) {
        this.hgnc = hgnc;
        this.gencode = gencode;
    }

    /** Whether there is any table. */
    boolean known() {
        return hgnc != null || gencode != null;
    }

    /** What a name of a kind means. */
    GeneResolution resolve(String name, IdentifierKind kind) {
        if (!known()) {
            return result(name, kind, bare(name, kind), ResolutionRule.NAMED, List.of(), "");
        }
        return switch (kind) {
            case SYMBOL -> ofSymbol(name);
            case ENSEMBL -> ofEnsembl(name, IdentifierKind.withoutVersion(name));
            case ENTREZ -> ofEntrez(name);
            case NUMBER -> unknown(name, kind, "");
        };
    }

    private GeneResolution ofEntrez(String name) {
        List<String> genes = hgnc == null ? List.of() : hgnc.ofEntrez(name);
        return switch (genes.size()) {
            case 0 -> unknown(name, IdentifierKind.ENTREZ, "");
            case 1 -> result(name, IdentifierKind.ENTREZ, genes.get(0), ResolutionRule.ENTREZ, List.of(), "");
            default -> ambiguous(name, IdentifierKind.ENTREZ, genes, "the HGNC table gives them all this id");
        };
    }

    private GeneResolution ofEnsembl(String name, String id) {
        IdentifierKind kind = IdentifierKind.ENSEMBL;
        List<String> genes = hgnc == null ? List.of() : hgnc.ofEnsembl(id);
        String called = gencode == null ? null : gencode.name(id);
        if (genes.size() == 1) {
            String gene = genes.get(0);
            if (called == null || called.equals(gene)) {
                return result(name, kind, gene, ResolutionRule.ENSEMBL, List.of(), "");
            }
            if (isApproved(called)) {
                return ambiguous(name, kind, List.of(gene, called), "HGNC says " + gene + ", GENCODE " + called);
            }
            return result(name, kind, gene, ResolutionRule.ENSEMBL, List.of(), "GENCODE calls it " + called);
        }
        if (genes.size() > 1) {
            if (called != null && genes.contains(called)) {
                return result(name, kind, called, ResolutionRule.GENCODE, List.of(), "HGNC gives " + genes + " the id");
            }
            return ambiguous(name, kind, genes, "the HGNC table gives them all this id");
        }
        return called == null ? unknown(name, kind, "") : named(name, id, called);
    }

    /** An id that only GENCODE knows. */
    private GeneResolution named(String name, String id, String called) {
        IdentifierKind kind = IdentifierKind.ENSEMBL;
        GencodeTable table = gencode;
        List<String> meant = meaning(called);
        int sharing = table == null ? 0 : table.ids(called).size();
        if (sharing > 1) {
            String note = "GENCODE calls " + sharing + " ids " + called;
            return meant.isEmpty() ? unknown(name, kind, note) : ambiguous(name, kind, with(meant, id), note);
        }
        if (meant.isEmpty()) {
            return result(name, kind, called, ResolutionRule.GENCODE, List.of(), "");
        }
        if (meant.size() > 1) {
            return ambiguous(name, kind, meant, "GENCODE calls it " + called);
        }
        String gene = meant.get(0);
        String own = hgnc == null ? null : hgnc.ensemblOf(gene);
        if (own != null && table != null && table.hasId(own)) {
            return ambiguous(name, kind, with(meant, id), "HGNC says " + own + " is " + gene);
        }
        return result(name, kind, gene, ResolutionRule.GENCODE, List.of(), note(gene, called, "GENCODE calls it "));
    }

    private GeneResolution ofSymbol(String name) {
        IdentifierKind kind = IdentifierKind.SYMBOL;
        List<String> also = hgnc == null ? List.of() : hgnc.alsoCalled(name);
        if (isApproved(name)) {
            List<String> others =
                    also.stream().filter(other -> !other.equals(name)).toList();
            return result(name, kind, name, ResolutionRule.APPROVED, others, "");
        }
        List<String> annotated = annotated(name);
        if (annotated.isEmpty()) {
            return ofHgnc(name, also);
        }
        if (annotated.size() == 1) {
            String gene = annotated.get(0);
            if (also.equals(annotated)) {
                return ofHgnc(name, also);
            }
            if (also.isEmpty() || also.contains(gene)) {
                boolean unnamed = IdentifierKind.of(gene) == IdentifierKind.ENSEMBL;
                return result(name, kind, unnamed ? name : gene, ResolutionRule.GENCODE, List.of(), "");
            }
            // GENCODE's id is none of HGNC's: a newer id of the same gene, unless HGNC's own is there as well.
            String own = also.size() == 1 && hgnc != null ? hgnc.ensemblOf(also.get(0)) : null;
            boolean replaced = IdentifierKind.of(gene) == IdentifierKind.ENSEMBL
                    && also.size() == 1
                    && !(own != null && gencode != null && gencode.hasId(own));
            if (replaced) {
                return ofHgnc(name, also);
            }
        }
        String note = also.isEmpty()
                ? "GENCODE gives the name to " + annotated.size() + " genes"
                : "HGNC and GENCODE do not give the name to the same gene alone";
        return ambiguous(name, kind, union(also, annotated), note);
    }

    /** The genes whose ids GENCODE calls so: approved symbols where HGNC knows the id, else the ids. */
    private List<String> annotated(String name) {
        TreeSet<String> genes = new TreeSet<>();
        for (String id : gencode == null ? List.<String>of() : gencode.ids(name)) {
            List<String> symbols = hgnc == null ? List.of() : hgnc.ofEnsembl(id);
            genes.addAll(symbols.isEmpty() ? List.of(id) : symbols);
        }
        return List.copyOf(genes);
    }

    private GeneResolution ofHgnc(String name, List<String> also) {
        IdentifierKind kind = IdentifierKind.SYMBOL;
        if (also.size() == 1) {
            String gene = also.get(0);
            boolean before = hgnc != null && hgnc.onceCalled(name).contains(gene);
            ResolutionRule rule = before ? ResolutionRule.PREVIOUS : ResolutionRule.ALIAS;
            return result(name, kind, gene, rule, List.of(), "");
        }
        if (also.size() > 1) {
            return ambiguous(name, kind, also, "");
        }
        // Open reading frames are written C1orf112, but many files hold C1ORF112.
        int frame = name.toUpperCase(Locale.ROOT).indexOf("ORF");
        if (frame > 0 && !name.startsWith("orf", frame)) {
            String usual = name.substring(0, frame) + "orf" + name.substring(frame + 3);
            GeneResolution written = ofSymbol(usual);
            if (written.resolved()) {
                return written.of(name, kind, "written " + usual);
            }
        }
        return unknown(name, kind, "");
    }

    /** The approved genes that a symbol may mean. */
    private List<String> meaning(String symbol) {
        if (hgnc == null) {
            return List.of();
        }
        return hgnc.isApproved(symbol) ? List.of(symbol) : hgnc.alsoCalled(symbol);
    }

    private boolean isApproved(String symbol) {
        return hgnc != null && hgnc.isApproved(symbol);
    }

    private GeneResolution result(
            String name, IdentifierKind kind, String gene, ResolutionRule rule, List<String> others, String note) {
        return new GeneResolution(name, kind, gene, rule, rule.resolves() && isApproved(gene), others, note);
    }

    private static GeneResolution unknown(String name, IdentifierKind kind, String note) {
        return new GeneResolution(name, kind, bare(name, kind), ResolutionRule.UNKNOWN, false, List.of(), note);
    }

    private static GeneResolution ambiguous(String name, IdentifierKind kind, List<String> genes, String note) {
        List<String> some = genes.size() <= MOST_OTHERS ? genes : genes.subList(0, MOST_OTHERS);
        String more = genes.size() <= MOST_OTHERS ? note : note + (note.isEmpty() ? "" : "; ") + "of " + genes.size();
        return new GeneResolution(name, kind, bare(name, kind), ResolutionRule.AMBIGUOUS, false, some, more);
    }

    private static String bare(String name, IdentifierKind kind) {
        return kind == IdentifierKind.ENSEMBL ? IdentifierKind.withoutVersion(name) : name;
    }

    private static String note(String gene, String called, String text) {
        return gene.equals(called) ? "" : text + called;
    }

    private static List<String> with(List<String> genes, String id) {
        List<String> all = new ArrayList<>(genes);
        all.add(id);
        return all;
    }

    private static List<String> union(List<String> one, List<String> other) {
        TreeSet<String> both = new TreeSet<>(one);
        both.addAll(other);
        return List.copyOf(both);
    }
}
