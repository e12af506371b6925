package org.celllm.tasks.drug;

import org.openscience.cdk.interfaces.IAtom;
import org.openscience.cdk.interfaces.IBond;

/**
 * The hybridisation of an atom, by the number of its neighbours and the order of its bonds. Worked out here because the atom
 * types of the Chemistry Development Kit know none for some atoms (the platinum of cisplatin), and because this rule gives the
 * same answer for every way of writing a ring's double bonds.
 */
enum Hybridisation {
    SP(0),
    SP2(1),
    SP3(2),
    /** Metals and hydrogen, where the word says nothing. */
    OTHER(3);

    private final int place;

    Hybridisation(int place) {
        this.place = place;
    }

    /** Its place among the features of orbitals. */
    int place() {
        return place;
    }

    /** Of an atom whose aromaticity is known. */
    static Hybridisation of(IAtom atom) {
        Hybridisation own = byBonds(atom);
        if (own != SP3 || !holdsLonePair(atom)) {
            return own;
        }
        // The lone pair of an amide's nitrogen or an ester's oxygen joins the double bond beside it.
        for (IBond bond : atom.bonds()) {
            Hybridisation beside = byBonds(bond.getOther(atom));
            if (beside == SP2 || beside == SP) {
                return SP2;
            }
        }
        return SP3;
    }

    /** Whether electrons of the atom may be part of a conjugated system. */
    boolean conjugates() {
        return this == SP || this == SP2;
    }

    private static Hybridisation byBonds(IAtom atom) {
        if (Elements.isMetal(atom.getAtomicNumber()) || atom.getAtomicNumber() == 1) {
            return OTHER;
        }
        if (atom.isAromatic()) {
            return SP2;
        }
        int doubles = 0;
        for (IBond bond : atom.bonds()) {
            if (bond.getOrder() == IBond.Order.TRIPLE) {
                return SP;
            }
            doubles += bond.getOrder() == IBond.Order.DOUBLE ? 1 : 0;
        }
        if (doubles == 0 || atom.getBondCount() + atom.getImplicitHydrogenCount() >= 4) {
            return SP3;
        }
        boolean bent = atom.getBondCount() + atom.getImplicitHydrogenCount() >= 3;
        return doubles == 1 || bent ? SP2 : SP;
    }

    private static boolean holdsLonePair(IAtom atom) {
        int element = atom.getAtomicNumber();
        int charge = atom.getFormalCharge();
        return (element == 7 || element == 8 || element == 16)
                && charge <= 0
                && atom.getBondCount() + atom.getImplicitHydrogenCount() < 4;
    }
}
