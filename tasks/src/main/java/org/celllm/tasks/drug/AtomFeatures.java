package org.celllm.tasks.drug;

import org.openscience.cdk.interfaces.IAtom;
import org.openscience.cdk.interfaces.IBond;

/**
 * The {@value #SIZE} features of a heavy atom, each 0 or 1:
 *
 * <pre>
 *  0–13  element     B C N O F Si P S Cl Se Br I, any metal, any other
 * 14–20  neighbours  0, 1, … 5, 6 or more; hydrogens not counted
 * 21–25  hydrogens   0, 1, 2, 3, 4 or more
 * 26–32  valence     0, 1, … 5, 6 or more: the orders of its bonds, with hydrogens
 * 33–37  charge      −2 or less, −1, 0, 1, 2 or more
 * 38–41  orbitals    sp, sp2, sp3, unknown
 * 42     aromatic
 * 43     in a ring
 * </pre>
 */
public final class AtomFeatures {
    /** How many. */
    public static final int SIZE = 44;

    private static final int[] ELEMENTS = {5, 6, 7, 8, 9, 14, 15, 16, 17, 34, 35, 53};

    private AtomFeatures() {}

    /** Of an atom whose rings and aromaticity are known. */
    static float[] of(IAtom atom) {
        return new OneHot(SIZE)
                .one(element(atom.getAtomicNumber()), ELEMENTS.length + 2)
                .one(atom.getBondCount(), 7)
                .one(atom.getImplicitHydrogenCount(), 5)
                .one(valence(atom), 7)
                .one(atom.getFormalCharge() + 2, 5)
                .one(Hybridisation.of(atom).place(), 4)
                .flag(atom.isAromatic())
                .flag(atom.isInRing())
                .row();
    }

    /** The orders of an atom's bonds and its hydrogens together. */
    static int valence(IAtom atom) {
        int valence = atom.getImplicitHydrogenCount();
        for (IBond bond : atom.bonds()) {
            valence += bond.getOrder().numeric();
        }
        return valence;
    }

    private static int element(int number) {
        for (int i = 0; i < ELEMENTS.length; i++) {
            if (ELEMENTS[i] == number) {
                return i;
            }
        }
        return Elements.isMetal(number) ? ELEMENTS.length : ELEMENTS.length + 1;
    }
}
