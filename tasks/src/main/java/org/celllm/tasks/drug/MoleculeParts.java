package org.celllm.tasks.drug;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import org.openscience.cdk.exception.CDKException;
import org.openscience.cdk.graph.ConnectivityChecker;
import org.openscience.cdk.interfaces.IAtom;
import org.openscience.cdk.interfaces.IAtomContainer;
import org.openscience.cdk.smiles.SmiFlavor;
import org.openscience.cdk.smiles.SmilesGenerator;

/**
 * Chooses what of a SMILES in several parts is the drug: the part with carbon that has the most heavy atoms, then the heavier,
 * then the one whose canonical SMILES comes first, so that the order of writing does not matter. Without any carbon, the same
 * among all parts. With a metal that is no counter-ion, everything.
 */
final class MoleculeParts {
    private MoleculeParts() {}

    /**
     * The drug.
     *
     * @param whole without explicit hydrogens
     * @param notes takes a sentence when there were several parts
     */
    static IAtomContainer kept(IAtomContainer whole, List<String> notes) {
        List<Part> parts = new ArrayList<>();
        for (IAtomContainer part : ConnectivityChecker.partitionIntoMolecules(whole)) {
            parts.add(Part.of(part));
        }
        if (parts.size() == 1) {
            return whole;
        }
        parts.sort(Comparator.comparing((Part part) -> !part.organic())
                .thenComparing(part -> -part.container().getAtomCount())
                .thenComparing(part -> -part.weight())
                .thenComparing(Part::smiles));
        List<String> names = parts.stream().map(Part::smiles).toList();
        if (parts.stream().anyMatch(Part::complexed)) {
            notes.add("A complex of a metal, written in " + parts.size() + " parts, of which all are kept: "
                    + String.join(", ", names) + ".");
            return whole;
        }
        notes.add("Of " + parts.size() + " parts the largest organic one is kept; left out: "
                + String.join(", ", names.subList(1, names.size())) + ".");
        return parts.get(0).container();
    }

    private record Part(IAtomContainer container, boolean organic, boolean complexed, long weight, String smiles) {
        static Part of(IAtomContainer container) {
            boolean organic = false;
            boolean complexed = false;
            long weight = 0;
            for (IAtom atom : container.atoms()) {
                int number = atom.getAtomicNumber();
                organic |= number == 6;
                complexed |= Elements.isMetal(number) && !Elements.isCounterIon(number);
                weight += number;
            }
            try {
                String smiles = new SmilesGenerator(SmiFlavor.Unique).create(container);
                return new Part(container, organic, complexed, weight, smiles);
            } catch (CDKException impossible) {
                throw new IllegalStateException("no canonical SMILES", impossible);
            }
        }
    }
}
