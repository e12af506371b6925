package org.celllm.data.genes;

import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import org.celllm.data.InputException;

/** Whether the genes of a file and those of a model belong together, and what to do where they do not. */
final class GeneOverlap {
    /** The least share of the smaller side that has to be found. */
    static final double LEAST = 0.1;

    private GeneOverlap() {}

    /** As {@link GeneIdentity#requireOverlap} says. */
    static void require(GeneMapping mapping, GeneVocabulary vocabulary, Object file) {
        int smaller = Math.min(mapping.names().size(), vocabulary.size());
        if (mapping.covered() > 0 && mapping.covered() >= LEAST * smaller) {
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
        GeneNames names = mapping.names();
        IdentifierKind wanted = IdentifierKind.of(vocabulary.names());
        if (names.kind() == IdentifierKind.NUMBER) {
            return "The file has row numbers where the names of its genes should be: put the names into var";
        }
        if (names.species() == GeneSpecies.MOUSE && GeneSpecies.of(vocabulary.names()) == GeneSpecies.HUMAN) {
            boolean looked = names.resolutions().stream().anyMatch(gene -> gene.rule() == ResolutionRule.ORTHOLOGUE);
            return looked
                    ? "These are genes of another species, mouse, of which --orthologues translates too few into the"
                            + " model's: check that its human names are of the model's kind, or give --hgnc as well"
                    : "These look like genes of another species, mouse: give a table of mouse and human orthologues"
                            + " with --orthologues, such as an export of Ensembl BioMart or MGI's"
                            + " HOM_MouseHumanSequence.rpt";
        }
        if (wanted != names.kind()) {
            return "Give an HGNC table with --hgnc to translate "
                    + names.kind().word() + "s to " + wanted.word() + "s, or put " + wanted.word()
                    + "s into a column of var";
        }
        Set<String> upper = new HashSet<>();
        names.given().forEach(name -> upper.add(name.toUpperCase(Locale.ROOT)));
        long inCapitals = vocabulary.names().stream().filter(upper::contains).count();
        if (inCapitals >= LEAST * Math.min(upper.size(), vocabulary.size())) {
            return "In capitals they would match: these look like genes of another species, whose human orthologues"
                    + " have to be put into var first";
        }
        return "Check that var holds gene names, and that the model is of the same species";
    }

    private static String first(List<String> names) {
        return String.join(", ", names.subList(0, Math.min(5, names.size()))) + (names.size() > 5 ? ", …" : "");
    }
}
