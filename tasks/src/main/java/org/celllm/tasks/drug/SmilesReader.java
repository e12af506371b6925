package org.celllm.tasks.drug;

import java.util.ArrayList;
import java.util.List;
import org.celllm.data.InputException;
import org.openscience.cdk.aromaticity.Aromaticity;
import org.openscience.cdk.exception.CDKException;
import org.openscience.cdk.exception.InvalidSmilesException;
import org.openscience.cdk.graph.Cycles;
import org.openscience.cdk.interfaces.IAtom;
import org.openscience.cdk.interfaces.IAtomContainer;
import org.openscience.cdk.interfaces.IBond;
import org.openscience.cdk.silent.SilentChemObjectBuilder;
import org.openscience.cdk.smiles.SmiFlavor;
import org.openscience.cdk.smiles.SmilesGenerator;
import org.openscience.cdk.smiles.SmilesParser;
import org.openscience.cdk.tools.manipulator.AtomContainerManipulator;

/**
 * Reads a molecule from SMILES (Weininger, J. Chem. Inf. Comput. Sci. 28:31, 1988).
 *
 * <ul>
 *   <li>Of a salt or a mixture the largest organic part is kept ({@link MoleculeParts}); a note says what was left out.
 *   <li>Metals are read, with an element feature of their own. A metal other than a counter-ion of the first two groups is part
 *       of the drug: then all parts stay, bonded or not, and a note says so.
 *   <li>Stereochemistry, isotopes and atom numbers are not read: mirror images are the same molecule. A note says so of isotopes.
 *   <li>Charges stay as written; tautomers stay different molecules.
 * </ul>
 */
public final class SmilesReader {
    /** The longest SMILES that is read. */
    public static final int LONGEST = 5_000;

    /** The most heavy atoms of a molecule. */
    public static final int MOST_ATOMS = 500;

    private static final String REMEDY =
            "Copy the drug's SMILES again, for example from PubChem, or leave the drug out";

    private SmilesReader() {}

    /**
     * Reads one molecule.
     *
     * @param drug its name, for errors too
     * @param smiles the text; spaces around it do not matter
     * @throws InputException when it is no SMILES, breaks a rule of chemistry, or is too long
     */
    public static Molecule read(String drug, String smiles) {
        try {
            return molecule(drug, smiles.strip());
        } catch (Refused refused) {
            throw refused.about("drug " + drug, refused.place());
        }
    }

    /**
     * Reads a molecule that stands in a file.
     *
     * @param file for errors
     * @param line its line, from 1, for errors
     */
    static Molecule read(Object file, long line, String drug, String smiles) {
        try {
            return molecule(drug, smiles.strip());
        } catch (Refused refused) {
            throw refused.about(file, "line " + line + ", drug " + drug + ", " + refused.place());
        }
    }

    private static Molecule molecule(String drug, String smiles) {
        List<String> notes = new ArrayList<>();
        IAtomContainer whole = MoleculeParts.kept(parsed(smiles, notes), notes);
        if (whole.getAtomCount() > MOST_ATOMS) {
            throw new Refused(
                    "the SMILES",
                    "holds " + whole.getAtomCount() + " heavy atoms",
                    "a small molecule of at most " + MOST_ATOMS);
        }
        perceive(whole);
        return new Molecule(
                drug,
                canonical(whole),
                graph(whole),
                MolecularFingerprint.of(whole),
                MolecularDescriptors.of(whole),
                notes);
    }

    /** Takes off what is not read: isotopes and stereochemistry. */
    private static void simplify(IAtomContainer molecule, List<String> notes) {
        boolean isotopes = false;
        for (IAtom atom : molecule.atoms()) {
            isotopes |= atom.getMassNumber() != null;
            atom.setMassNumber(null);
        }
        molecule.setStereoElements(new ArrayList<>());
        if (isotopes) {
            notes.add("Isotopes are read as their element.");
        }
    }

    private static IAtomContainer parsed(String smiles, List<String> notes) {
        if (smiles.isEmpty()) {
            throw new Refused("the SMILES", "is empty", "a SMILES such as CC(=O)Oc1ccccc1C(=O)O");
        }
        if (smiles.length() > LONGEST) {
            throw new Refused(
                    "the SMILES", "is " + smiles.length() + " characters long", "at most " + LONGEST + " characters");
        }
        for (int i = 0; i < smiles.length(); i++) {
            char c = smiles.charAt(i);
            if (c <= ' ' || c >= 127) {
                throw new Refused("character " + (i + 1) + " of the SMILES", shown(c), "one SMILES and nothing else");
            }
            if (c == '>') {
                throw new Refused("character " + (i + 1) + " of the SMILES", "is a reaction", "one molecule");
            }
        }
        IAtomContainer molecule = parse(smiles);
        if (molecule.getAtomCount() == 0) {
            throw new Refused("the SMILES", smiles + " holds no atom", "a molecule");
        }
        simplify(molecule, notes);
        int number = 0;
        for (IAtom atom : molecule.atoms()) {
            number++;
            check(atom, number);
        }
        return AtomContainerManipulator.suppressHydrogens(molecule);
    }

    private static String shown(char c) {
        return c > ' ' && c != 127
                ? "is the character " + c + ", which no SMILES holds"
                : "is a space or another character without ink";
    }

    private static IAtomContainer parse(String smiles) {
        try {
            SmilesParser parser = new SmilesParser(SilentChemObjectBuilder.getInstance());
            return parser.parseSmiles(smiles);
        } catch (InvalidSmilesException | IllegalArgumentException invalid) {
            throw Refused.bySyntax(smiles, invalid);
        }
    }

    private static void check(IAtom atom, int number) {
        String place = "atom " + number + " of the SMILES";
        Integer element = atom.getAtomicNumber();
        if (element == null || element == 0) {
            throw new Refused(place, "is a placeholder (*) or no known element", "a whole molecule");
        }
        if (atom.getImplicitHydrogenCount() == null) {
            throw new Refused(place, atom.getSymbol() + " has no known number of hydrogens", "a whole molecule");
        }
        int bonds = AtomFeatures.valence(atom);
        int most = Elements.mostBonds(element, atom.getFormalCharge());
        if (bonds > most) {
            throw new Refused(
                    place, atom.getSymbol() + " has " + bonds + " bonds, hydrogens included", "at most " + most);
        }
    }

    private static void perceive(IAtomContainer molecule) {
        Cycles.markRingAtomsAndBonds(molecule);
        Aromaticity.apply(Aromaticity.Model.Daylight, molecule);
    }

    private static String canonical(IAtomContainer molecule) {
        try {
            return new SmilesGenerator(SmiFlavor.Unique | SmiFlavor.UseAromaticSymbols).create(molecule);
        } catch (CDKException impossible) {
            throw new IllegalStateException("no canonical SMILES", impossible);
        }
    }

    private static MolecularGraph graph(IAtomContainer molecule) {
        float[][] atoms = new float[molecule.getAtomCount()][];
        for (int i = 0; i < atoms.length; i++) {
            atoms[i] = AtomFeatures.of(molecule.getAtom(i));
        }
        MolecularGraph.Edges edges = new MolecularGraph.Edges(atoms.length, 2 * molecule.getBondCount());
        for (IBond bond : molecule.bonds()) {
            float[] features = BondFeatures.of(bond);
            int begin = bond.getBegin().getIndex();
            int end = bond.getEnd().getIndex();
            edges.add(begin, end, features);
            edges.add(end, begin, features);
        }
        return edges.graph(atoms);
    }

    /** Why a SMILES cannot be used, before it is known where it stands. */
    static final class Refused extends RuntimeException {
        private static final long serialVersionUID = 1L;

        private final String place;
        private final String found;
        private final String expected;

        Refused(String place, String found, String expected) {
            super(found);
            this.place = place;
            this.found = found;
            this.expected = expected;
        }

        /** What the parser says, whose later lines point at the character with a caret. */
        static Refused bySyntax(String smiles, Exception invalid) {
            String[] lines = String.valueOf(invalid.getMessage()).split("\n", -1);
            int caret = lines.length > 1 ? lines[lines.length - 1].indexOf('^') : -1;
            String place = caret >= 0 ? "character " + Math.min(caret + 1, smiles.length()) + " of " : "";
            String shown = smiles.length() <= 60 ? smiles : smiles.substring(0, 57) + "...";
            String why =
                    lines[0].replace("could not parse '" + smiles + "', ", "").strip();
            return new Refused(place + "the SMILES", shown + " cannot be read (" + why + ")", "a SMILES");
        }

        String place() {
            return place;
        }

        InputException about(Object subject, String where) {
            return InputException.about(subject)
                    .at(where)
                    .found(found)
                    .expected(expected)
                    .remedy(REMEDY)
                    .build(this);
        }
    }
}
