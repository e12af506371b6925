package org.celllm.tasks.drug;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.Set;
import org.openscience.cdk.config.IsotopeFactory;
import org.openscience.cdk.config.Isotopes;
import org.openscience.cdk.graph.Cycles;
import org.openscience.cdk.interfaces.IAtom;
import org.openscience.cdk.interfaces.IAtomContainer;
import org.openscience.cdk.interfaces.IBond;
import org.openscience.cdk.interfaces.IElement;
import org.openscience.cdk.interfaces.IIsotope;
import org.openscience.cdk.tools.manipulator.AtomContainerManipulator;

/**
 * Constitutional descriptors: what a molecule is made of, in {@value #SIZE} numbers (Todeschini and Consonni, Molecular Descriptors
 * for Chemoinformatics, 2009). Fingerprints tell which pieces two molecules share; these tell how large, polar and flexible a
 * molecule is, which drugs that share no piece can have in common.
 *
 * @param heavyAtoms all but hydrogens
 * @param weight in g/mol, of the natural isotopes; of an element that has none, of its most stable one
 * @param nitrogens atoms
 * @param oxygens atoms
 * @param sulphurAndPhosphorus atoms
 * @param halogens fluorine, chlorine, bromine, iodine
 * @param rings of a minimum cycle basis
 * @param largestRing atoms of the largest of these; 0 without any
 * @param aromaticAtoms heavy ones
 * @param rotatableBonds single, in no ring, between two atoms that each have another heavy neighbour
 * @param donors nitrogens and oxygens with a hydrogen
 * @param saturatedCarbons the share of sp3 among the carbons; 0 without carbon
 * @param chargedAtoms as written, those of a nitro group too
 */
public record MolecularDescriptors(
        int heavyAtoms,
        double weight,
        int nitrogens,
        int oxygens,
        int sulphurAndPhosphorus,
        int halogens,
        int rings,
        int largestRing,
        int aromaticAtoms,
        int rotatableBonds,
        int donors,
        double saturatedCarbons,
        int chargedAtoms) {
    /** How many numbers. */
    public static final int SIZE = 13;

    public MolecularDescriptors {
        if (!Double.isFinite(weight) || !Double.isFinite(saturatedCarbons)) {
            throw new IllegalArgumentException("a weight of " + weight + ", a share of " + saturatedCarbons);
        }
    }

    private static final Set<Integer> HALOGENS = Set.of(IElement.F, IElement.Cl, IElement.Br, IElement.I);

    /** Of a molecule whose rings and aromaticity are known and whose hydrogens are not atoms. */
    static MolecularDescriptors of(IAtomContainer molecule) {
        int nitrogens = 0;
        int oxygens = 0;
        int sulphurAndPhosphorus = 0;
        int halogens = 0;
        int aromatic = 0;
        int donors = 0;
        int carbons = 0;
        int saturated = 0;
        int charged = 0;
        for (IAtom atom : molecule.atoms()) {
            int element = atom.getAtomicNumber();
            boolean polar = element == IElement.N || element == IElement.O;
            nitrogens += element == IElement.N ? 1 : 0;
            oxygens += element == IElement.O ? 1 : 0;
            sulphurAndPhosphorus += element == IElement.S || element == IElement.P ? 1 : 0;
            halogens += HALOGENS.contains(element) ? 1 : 0;
            aromatic += atom.isAromatic() ? 1 : 0;
            donors += polar && atom.getImplicitHydrogenCount() > 0 ? 1 : 0;
            carbons += element == IElement.C ? 1 : 0;
            saturated += element == IElement.C && saturated(atom) ? 1 : 0;
            charged += atom.getFormalCharge() != 0 ? 1 : 0;
        }
        int[][] rings = Cycles.mcb(molecule).paths();
        int largest = 0;
        for (int[] ring : rings) {
            // A path ends where it begins.
            largest = Math.max(largest, ring.length - 1);
        }
        int rotatable = 0;
        for (IBond bond : molecule.bonds()) {
            rotatable += rotatable(bond) ? 1 : 0;
        }
        return new MolecularDescriptors(
                molecule.getAtomCount(),
                weight(molecule),
                nitrogens,
                oxygens,
                sulphurAndPhosphorus,
                halogens,
                rings.length,
                largest,
                aromatic,
                rotatable,
                donors,
                carbons == 0 ? 0 : (double) saturated / carbons,
                charged);
    }

    private static double weight(IAtomContainer molecule) {
        double natural = AtomContainerManipulator.getMass(molecule, AtomContainerManipulator.MolWeight);
        if (Double.isFinite(natural)) {
            return natural;
        }
        double sum = 0;
        for (IAtom atom : molecule.atoms()) {
            sum += weight(atom.getAtomicNumber()) + atom.getImplicitHydrogenCount() * weight(IElement.H);
        }
        return sum;
    }

    private static double weight(int element) {
        try {
            IsotopeFactory isotopes = Isotopes.getInstance();
            double natural = isotopes.getNaturalMass(element);
            if (Double.isFinite(natural) && natural > 0) {
                return natural;
            }
            IIsotope major = isotopes.getMajorIsotope(element);
            Double mass = major == null ? null : major.getExactMass();
            // Nuclei hold some two and a half times as many nucleons as protons there.
            return mass == null ? 2.5 * element : mass;
        } catch (IOException impossible) {
            throw new UncheckedIOException("the library's table of isotopes cannot be read", impossible);
        }
    }

    private static boolean saturated(IAtom atom) {
        for (IBond bond : atom.bonds()) {
            if (bond.getOrder() != IBond.Order.SINGLE || bond.isAromatic()) {
                return false;
            }
        }
        return true;
    }

    private static boolean rotatable(IBond bond) {
        return bond.getOrder() == IBond.Order.SINGLE
                && !bond.isInRing()
                && bond.getBegin().getBondCount() > 1
                && bond.getEnd().getBondCount() > 1;
    }

    /** [{@link #SIZE}] in the order of the components. */
    public double[] values() {
        return new double[] {
            heavyAtoms,
            weight,
            nitrogens,
            oxygens,
            sulphurAndPhosphorus,
            halogens,
            rings,
            largestRing,
            aromaticAtoms,
            rotatableBonds,
            donors,
            saturatedCarbons,
            chargedAtoms
        };
    }
}
