package org.celllm.data.genes;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Says for every name of a column which gene is meant, each name by its own kind, and with an eye on what else the file
 * holds: the other names of the column, and ids beside it.
 */
final class NameResolver {
    private static final Set<IdentifierKind> ID_KINDS = Set.of(IdentifierKind.ENSEMBL, IdentifierKind.ENTREZ);

    private final HumanGenes human;
    private final @Nullable HgncTable hgnc;
    private final @Nullable OrthologueTable orthologues;

    NameResolver(@Nullable HgncTable hgnc, @Nullable GencodeTable gencode, @Nullable OrthologueTable orthologues) {
        this.human = new HumanGenes(hgnc, gencode);
        this.hgnc = hgnc;
        this.orthologues = orthologues;
    }

    /** A single name, which a file of its species holds. */
    GeneResolution single(String name) {
        String stripped = name.strip();
        IdentifierKind kind = IdentifierKind.of(NameColumn.withoutGenome(stripped));
        GeneSpecies species = GeneSpecies.of(List.of(stripped));
        GeneResolution gene = single(name, kind, species);
        boolean unknown = gene.rule() == ResolutionRule.UNKNOWN && kind == IdentifierKind.SYMBOL;
        return unknown ? byParts(gene, species) : gene;
    }

    private GeneResolution single(String name, IdentifierKind kind, GeneSpecies species) {
        String stripped = name.strip();
        String bare = NameColumn.withoutGenome(stripped);
        if (kind == IdentifierKind.ENTREZ || kind == IdentifierKind.NUMBER) {
            return human.resolve(bare, kind).named(name);
        }
        if (species == GeneSpecies.HUMAN && GeneSpecies.marksMouse(stripped)) {
            // With its prefix, so that it is not taken for the human gene of that name.
            return left(name, kind, unresolved(stripped, kind), "a mouse gene among human ones");
        }
        if (species == GeneSpecies.MOUSE && orthologues != null) {
            if (GeneSpecies.marksHuman(stripped)) {
                return left(name, kind, unresolved(stripped, kind), "a human gene among mouse ones");
            }
            GeneResolution gene = orthologue(name, bare, kind, orthologues);
            boolean shared = gene.rule() == ResolutionRule.UNKNOWN && approved(bare);
            return shared ? human.resolve(bare, kind).named(name) : gene;
        }
        // An old name or alias says too little to be a human gene's among mouse ones.
        boolean foreign = GeneSpecies.marksHuman(stripped) || approved(bare);
        if (species == GeneSpecies.MOUSE && !foreign) {
            return left(name, kind, unresolved(bare, kind), "a mouse gene");
        }
        return human.resolve(bare, kind).named(name);
    }

    /** A name that no table of human names is asked for. */
    private GeneResolution left(String name, IdentifierKind kind, String canonical, String note) {
        boolean tables = human.known() || orthologues != null;
        ResolutionRule rule = tables ? ResolutionRule.UNKNOWN : ResolutionRule.NAMED;
        return new GeneResolution(name, kind, canonical, rule, false, List.of(), tables ? note : "");
    }

    private boolean approved(String name) {
        return hgnc != null && hgnc.isApproved(name);
    }

    private GeneResolution orthologue(String name, String bare, IdentifierKind kind, OrthologueTable table) {
        String mouse = unresolved(bare, kind);
        OrthologueTable.Partners partners = table.of(mouse, kind);
        if (partners == null || partners.humans().isEmpty()) {
            String note = partners == null ? "" : "it has no human orthologue";
            return new GeneResolution(name, kind, mouse, ResolutionRule.UNKNOWN, false, List.of(), note);
        }
        OrthologueTable.Human one = partners.human();
        if (one == null) {
            String shared = partners.mice().size() > 1
                    ? "mouse genes that share its orthologues: " + String.join(", ", some(partners.mice()))
                    : "not one to one";
            return new GeneResolution(
                    name, kind, mouse, ResolutionRule.AMBIGUOUS, false, some(partners.humans()), shared);
        }
        GeneResolution gene = human(one);
        if (gene.rule() == ResolutionRule.AMBIGUOUS) {
            return gene.of(name, kind, "its human orthologue is " + one.name()).as(mouse, ResolutionRule.AMBIGUOUS);
        }
        // What no table of human names knows is called as the table of orthologues calls it.
        String canonical = gene.resolved() ? gene.canonical() : one.name();
        return gene.of(name, kind, "").as(canonical, ResolutionRule.ORTHOLOGUE);
    }

    private GeneResolution human(OrthologueTable.Human gene) {
        GeneResolution byId = gene.id().isEmpty() ? null : human.resolve(gene.id(), IdentifierKind.ENSEMBL);
        boolean settled = byId != null && byId.resolved() && byId.rule() != ResolutionRule.NAMED;
        if (byId != null && (settled || gene.symbol().isEmpty())) {
            return byId;
        }
        return human.resolve(gene.symbol(), IdentifierKind.SYMBOL);
    }

    private static String unresolved(String bare, IdentifierKind kind) {
        return kind == IdentifierKind.ENSEMBL ? IdentifierKind.withoutVersion(bare) : bare;
    }

    private static List<String> some(List<String> names) {
        return names.subList(0, Math.min(6, names.size()));
    }

    /**
     * All names of a column.
     *
     * @param ids columns of ids beside it, which decide where the name itself does not
     */
    GeneNames all(NameColumn column, List<NameColumn> ids) {
        List<String> names = column.names();
        GeneSpecies species = GeneSpecies.of(names);
        List<GeneResolution> alone = new ArrayList<>(names.size());
        Map<String, GeneResolution> given = new HashMap<>(2 * names.size());
        for (int i = 0; i < names.size(); i++) {
            GeneResolution gene = single(names.get(i), kind(column, i), species);
            alone.add(gene);
            given.put(names.get(i), gene);
        }
        // Aliases say too little to take a gene from another name.
        Set<String> taken = new HashSet<>();
        alone.stream()
                .filter(gene -> gene.approved() && gene.rule() != ResolutionRule.ALIAS)
                .forEach(gene -> taken.add(gene.canonical()));
        List<GeneResolution> settled = new ArrayList<>(names.size());
        for (int i = 0; i < alone.size(); i++) {
            GeneResolution gene = amongOthers(byElimination(alone.get(i), taken), given, species);
            settled.add(gene.resolved() ? gene : byId(gene, ids, i, species));
        }
        return new GeneNames(column.column(), column.kind(), species, settled);
    }

    /** Digits are an Entrez id in whatever column, unless they are the number of their row. */
    private static IdentifierKind kind(NameColumn column, int row) {
        if (column.kind() == IdentifierKind.NUMBER) {
            return IdentifierKind.NUMBER;
        }
        String bare = NameColumn.withoutGenome(column.names().get(row).strip());
        IdentifierKind own = IdentifierKind.of(bare);
        boolean numbered = bare.equals(Integer.toString(row)) || bare.equals(Integer.toString(row + 1));
        boolean mixed = own == IdentifierKind.ENTREZ && column.kind() != IdentifierKind.ENTREZ;
        return mixed && numbered ? IdentifierKind.NUMBER : own;
    }

    /**
     * A symbol that one gene had before and that is an alias of others: where the file has all the others by names of
     * their own, and not that gene, the gene is meant.
     */
    private GeneResolution byElimination(GeneResolution gene, Set<String> taken) {
        HgncTable table = hgnc;
        if (table == null || gene.rule() != ResolutionRule.AMBIGUOUS || gene.kind() != IdentifierKind.SYMBOL) {
            return gene;
        }
        List<String> before = table.onceCalled(gene.canonical());
        boolean complete = Set.copyOf(gene.others()).equals(Set.copyOf(table.alsoCalled(gene.canonical())));
        if (!complete || before.size() != 1 || taken.contains(before.get(0))) {
            return gene;
        }
        String only = before.get(0);
        List<String> others =
                gene.others().stream().filter(other -> !other.equals(only)).toList();
        if (!taken.containsAll(others)) {
            return gene;
        }
        String note = String.join(", ", others) + " there by other names";
        return human.resolve(only, IdentifierKind.SYMBOL)
                .of(gene.name(), gene.kind(), note)
                .as(only, ResolutionRule.PREVIOUS);
    }

    /** A name that is put together from several: the first of them that is found. */
    private GeneResolution byParts(GeneResolution gene, GeneSpecies species) {
        GeneResolution unclear = gene;
        for (String part : NameColumn.parts(gene.canonical())) {
            GeneResolution found = single(part, IdentifierKind.of(part), species);
            if (found.resolved()) {
                return found.of(gene.name(), gene.kind(), "by " + part);
            }
            if (found.rule() == ResolutionRule.AMBIGUOUS) {
                unclear = found.of(gene.name(), gene.kind(), "by " + part).as(gene.canonical(), found.rule());
            }
        }
        return unclear;
    }

    private GeneResolution amongOthers(GeneResolution gene, Map<String, GeneResolution> given, GeneSpecies species) {
        // An alias of a gene that the file has under its own name is as a rule another gene.
        if (gene.rule() == ResolutionRule.ALIAS && given.containsKey(gene.canonical())) {
            String note = "an alias of " + gene.canonical() + ", which is there by its own name";
            return new GeneResolution(
                    gene.name(),
                    gene.kind(),
                    NameColumn.withoutGenome(gene.name().strip()),
                    ResolutionRule.AMBIGUOUS,
                    false,
                    List.of(gene.canonical()),
                    note);
        }
        if (gene.rule() != ResolutionRule.UNKNOWN || gene.kind() != IdentifierKind.SYMBOL) {
            return gene;
        }
        GeneResolution part = byParts(gene, species);
        if (part.rule() != ResolutionRule.UNKNOWN) {
            return part;
        }
        String base = NameColumn.withoutNumber(gene.canonical());
        GeneResolution first = base == null ? null : given.get(base);
        if (first != null && first.rule() != ResolutionRule.UNKNOWN) {
            GeneResolution same = first.of(gene.name(), gene.kind(), "a numbered duplicate of " + base);
            return first.resolved() ? same : same.as(gene.canonical(), first.rule());
        }
        String hyphened = gene.canonical().replace('.', '-');
        if (!hyphened.equals(gene.canonical()) && approved(hyphened)) {
            return human.resolve(hyphened, IdentifierKind.SYMBOL)
                    .of(gene.name(), gene.kind(), "dots for the hyphens of " + hyphened);
        }
        return gene;
    }

    private GeneResolution byId(GeneResolution gene, List<NameColumn> ids, int row, GeneSpecies species) {
        for (NameColumn column : ids) {
            String id = column.names().get(row);
            IdentifierKind kind = kind(column, row);
            if (ID_KINDS.contains(kind)) {
                GeneResolution found = single(id, kind, species);
                if (found.resolved()) {
                    return found.of(gene.name(), gene.kind(), "by " + id + " in " + column.column());
                }
            }
        }
        return gene;
    }
}
