package org.celllm.tasks.drug;

import org.openscience.cdk.interfaces.IAtom;
import org.openscience.cdk.interfaces.IBond;

/**
 * The {@value #SIZE} features of a bond, each 0 or 1:
 *
 * <pre>
 * 0–4  order        single, double, triple, aromatic, any other
 * 5    conjugated   part of a system of neighbouring multiple bonds and lone pairs
 * 6    in a ring
 * </pre>
 */
public final class BondFeatures {
    /** How many. */
    public static final int SIZE = 7;

    private BondFeatures() {}

    /** Of a bond whose rings and aromaticity are known. */
    static float[] of(IBond bond) {
        return new OneHot(SIZE)
                .one(order(bond), 5)
                .flag(conjugated(bond))
                .flag(bond.isInRing())
                .row();
    }

    private static int order(IBond bond) {
        if (bond.isAromatic()) {
            return 3;
        }
        return switch (bond.getOrder()) {
            case SINGLE -> 0;
            case DOUBLE -> 1;
            case TRIPLE -> 2;
            default -> 4;
        };
    }

    private static boolean conjugated(IBond bond) {
        if (bond.isAromatic()) {
            return true;
        }
        IAtom one = bond.getBegin();
        IAtom other = bond.getEnd();
        if (!Hybridisation.of(one).conjugates() || !Hybridisation.of(other).conjugates()) {
            return false;
        }
        return bond.getOrder() == IBond.Order.SINGLE || goesOn(one, bond) || goesOn(other, bond);
    }

    /** Whether another bond of the atom leads to one that conjugates. */
    private static boolean goesOn(IAtom atom, IBond but) {
        for (IBond bond : atom.bonds()) {
            if (!bond.equals(but) && Hybridisation.of(bond.getOther(atom)).conjugates()) {
                return true;
            }
        }
        return false;
    }
}
