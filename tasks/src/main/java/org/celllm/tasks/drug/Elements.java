package org.celllm.tasks.drug;

/** What kind an element is, by atomic number. */
final class Elements {
    private Elements() {}

    /** Whether it is a metal; the half-metals B, Si, Ge, As, Sb and Te are none. */
    static boolean isMetal(int number) {
        return number == 3
                || number == 4
                || (number >= 11 && number <= 13)
                || (number >= 19 && number <= 31)
                || (number >= 37 && number <= 50)
                || (number >= 55 && number <= 84)
                || (number >= 87 && number <= 116);
    }

    /** Whether it is a metal of the first or second group, which drugs hold as a counter-ion. */
    static boolean isCounterIon(int number) {
        return switch (number) {
            case 3, 4, 11, 12, 19, 20, 37, 38, 55, 56, 87, 88 -> true;
            default -> false;
        };
    }

    /** The most bonds that an atom may have, counted by order and with hydrogens; 8 where there is no rule. */
    static int mostBonds(int number, int charge) {
        return switch (number) {
            case 1, 9 -> 1;
            case 5 -> charge < 0 ? 4 : 3;
            case 6 -> 4;
            // Five for a nitro group written without charges.
            case 7 -> charge > 0 ? 4 : 5;
            case 8 -> charge > 0 ? 3 : 2;
            default -> 8;
        };
    }
}
