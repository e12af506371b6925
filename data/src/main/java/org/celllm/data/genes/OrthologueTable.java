package org.celllm.data.genes;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import org.celllm.data.InputException;
import org.jspecify.annotations.Nullable;

/**
 * Mouse genes and their human orthologues. Only a pair of which neither has another partner translates a name; the
 * other partners are listed. Immutable, thread safe.
 */
public final class OrthologueTable {
    private static final String EXPECTED = "a header with a column of mouse genes and one of human genes (symbols or"
            + " Ensembl ids), or with DB Class Key, Common Organism Name and Symbol";

    /** What exports write where there is no gene. */
    private static final Set<String> NONE = Set.of("-", "NA", "N/A", "null", "None", "nan");

    private static final String REMEDY = "Export mouse orthologues of human genes from Ensembl BioMart, or download"
            + " HOM_MouseHumanSequence.rpt from MGI";

    /** A human gene: its Ensembl id, its symbol; one of them may be empty. */
    record Human(String id, String symbol) {
        /** What it is called in reports. */
        String name() {
            return symbol.isEmpty() ? id : symbol;
        }

        private String key() {
            return id.isEmpty() ? symbol : id;
        }
    }

    /**
     * What the table says of a mouse gene.
     *
     * @param human its one human orthologue, which has no other mouse gene; {@code null} when there is no such
     * @param humans names of all its human orthologues, sorted
     * @param mice names of the mouse genes that share them, itself included, sorted
     */
    record Partners(@Nullable Human human, List<String> humans, List<String> mice) {}

    private final Map<String, Set<String>> humansOfId = new HashMap<>();
    private final Map<String, Set<String>> humansOfSymbol = new HashMap<>();
    private final Map<String, Set<String>> miceOf = new HashMap<>();
    private final Map<String, Human> humans = new HashMap<>();
    private final Map<String, String> mouseNames = new HashMap<>();
    /** Keys of human genes in pairs that the table itself calls other than one to one. */
    private final Set<String> several = new HashSet<>();

    private OrthologueTable() {}

    /**
     * Reads a table with a header: tabs, commas or semicolons, gzipped or not.
     *
     * @throws InputException when it is empty, has no such columns, holds no pair, or breaks off
     */
    public static OrthologueTable read(Path file) throws IOException {
        OrthologueTable table = new OrthologueTable();
        try (NameRows rows = new NameRows(file, "a table of mouse and human orthologues")) {
            OrthologueColumns columns = OrthologueColumns.of(rows.header());
            if (columns == null) {
                throw rows.error()
                        .found("names no columns of mouse and of human genes")
                        .expected(EXPECTED)
                        .remedy(REMEDY)
                        .build();
            }
            if (columns.grouped()) {
                table.readGroups(rows, columns);
            } else {
                table.readPairs(rows, columns);
            }
            if (table.miceOf.isEmpty()) {
                throw rows.error()
                        .found("no pair of a mouse and a human gene has come until the end")
                        .expected(EXPECTED)
                        .remedy(REMEDY)
                        .build();
            }
        }
        return table;
    }

    private void readPairs(NameRows rows, OrthologueColumns columns) throws IOException {
        for (List<String> row = rows.next(); row != null; row = rows.next()) {
            rows.require(row, columns.needed());
            String mouseId = id(rows, row, columns.mouseId(), "ENSMUSG", "mouse");
            String humanId = id(rows, row, columns.humanId(), "ENSG", "human");
            String type = field(row, columns.type()).toLowerCase(Locale.ROOT);
            boolean one = type.isEmpty() || type.contains("one2one") || type.contains("one-to-one");
            add(mouseId, field(row, columns.mouseSymbol()), new Human(humanId, field(row, columns.humanSymbol())), one);
        }
    }

    private static String id(NameRows rows, List<String> row, int column, String prefix, String species) {
        String id = IdentifierKind.withoutVersion(field(row, column));
        if (!id.isEmpty() && !id.matches(prefix + "\\d{11}")) {
            throw rows.error()
                    .found("holds \"" + id + "\" in the column of " + species + " ids")
                    .expected("Ensembl gene ids that begin with " + prefix)
                    .remedy(REMEDY)
                    .build();
        }
        return id;
    }

    private void readGroups(NameRows rows, OrthologueColumns columns) throws IOException {
        Map<String, Set<String>> mice = new HashMap<>();
        Map<String, Set<String>> people = new HashMap<>();
        for (List<String> row = rows.next(); row != null; row = rows.next()) {
            rows.require(row, columns.needed());
            String organism = field(row, columns.organism()).toLowerCase(Locale.ROOT);
            boolean mouse = organism.startsWith("mouse") || organism.equals("mus musculus") || organism.equals("10090");
            boolean human = organism.equals("human") || organism.equals("homo sapiens") || organism.equals("9606");
            String symbol = field(row, columns.symbol());
            if ((mouse || human) && !symbol.isEmpty()) {
                (mouse ? mice : people)
                        .computeIfAbsent(field(row, columns.group()), any -> new HashSet<>())
                        .add(symbol);
            }
        }
        mice.forEach((group, symbols) -> {
            for (String mouse : symbols) {
                Set<String> partners = people.getOrDefault(group, Set.of());
                partners.forEach(human -> add("", mouse, new Human("", human), true));
                if (partners.isEmpty()) {
                    add("", mouse, new Human("", ""), true);
                }
            }
        });
    }

    private void add(String mouseId, String mouseSymbol, Human human, boolean one) {
        String mouse = mouseId.isEmpty() ? mouseSymbol : mouseId;
        if (mouse.isEmpty()) {
            return;
        }
        mouseNames.put(mouse, mouseSymbol.isEmpty() ? mouseId : mouseSymbol);
        Set<String> ofId = humansOfId.computeIfAbsent(mouseId, any -> new HashSet<>(2));
        Set<String> ofSymbol = humansOfSymbol.computeIfAbsent(mouseSymbol, any -> new HashSet<>(2));
        String key = human.key();
        if (key.isEmpty()) {
            return;
        }
        ofId.add(key);
        ofSymbol.add(key);
        humans.merge(key, human, (before, now) -> before.symbol().isEmpty() ? now : before);
        miceOf.computeIfAbsent(key, any -> new HashSet<>(2)).add(mouse);
        if (!one) {
            several.add(key);
        }
    }

    private static String field(List<String> row, int column) {
        String field = column < 0 ? "" : row.get(column);
        return NONE.contains(field) ? "" : field;
    }

    /** How many human genes have a mouse orthologue. */
    public int size() {
        return miceOf.size();
    }

    /** Partners of a mouse gene by its Ensembl id (without a version) or its symbol; {@code null} when it is not there. */
    @Nullable
    Partners of(String mouse, IdentifierKind kind) {
        Set<String> keys = (kind == IdentifierKind.ENSEMBL ? humansOfId : humansOfSymbol).get(mouse);
        if (keys == null || mouse.isEmpty()) {
            return null;
        }
        Set<String> names = new TreeSet<>();
        Set<String> mice = new TreeSet<>();
        Set<String> sharing = new HashSet<>();
        for (String key : keys) {
            names.add(human(key).name());
            sharing.addAll(miceOf.getOrDefault(key, Set.of()));
        }
        sharing.forEach(key -> mice.add(mouseNames.getOrDefault(key, key)));
        boolean one = keys.size() == 1 && sharing.size() == 1 && keys.stream().noneMatch(several::contains);
        Human only = one ? human(keys.iterator().next()) : null;
        return new Partners(only, new ArrayList<>(names), new ArrayList<>(mice));
    }

    private Human human(String key) {
        Human human = humans.get(key);
        if (human == null) {
            throw new IllegalStateException("no human gene " + key);
        }
        return human;
    }
}
