package org.celllm.tasks.drug;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.Arrays;
import java.util.List;
import java.util.stream.IntStream;
import org.celllm.data.InputException;
import org.celllm.data.random.KeyedRandom;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.openscience.cdk.exception.CDKException;
import org.openscience.cdk.interfaces.IAtom;
import org.openscience.cdk.interfaces.IAtomContainer;
import org.openscience.cdk.silent.SilentChemObjectBuilder;
import org.openscience.cdk.smiles.SmiFlavor;
import org.openscience.cdk.smiles.SmilesGenerator;
import org.openscience.cdk.smiles.SmilesParser;

class SmilesReaderTest {
    static final List<String> DRUGS = List.of(
            "CC(=O)Oc1ccccc1C(=O)O",
            "COCCOc1cc2c(cc1OCCOC)ncnc2Nc1cccc(c1)C#C",
            "Cc1ccc(cc1Nc1nccc(n1)-c1cccnc1)NC(=O)c1ccc(cc1)CN1CCN(CC1)C",
            "N[Pt](N)(Cl)Cl",
            "CN1C=NC2=C1C(=O)N(C(=O)N2C)C",
            "C1CC2CCC1CC2",
            "OS(=O)(=O)C(F)(F)C#N",
            "C12C3C4C1C5C2C3C45");

    @ParameterizedTest
    @ValueSource(longs = {1, 2, 3, 4, 5, 6})
    void aMoleculeWrittenInAnyOrderOfAtomsIsTheSame(long seed) throws CDKException {
        for (String smiles : DRUGS) {
            Molecule one = SmilesReader.read("one", smiles);
            Molecule other = SmilesReader.read("other", shuffled(smiles, KeyedRandom.of(seed, smiles.hashCode())));
            assertThat(other.smiles()).as("seed %d, %s", seed, smiles).isEqualTo(one.smiles());
            assertThat(shape(other.graph())).as("seed %d, %s", seed, smiles).isEqualTo(shape(one.graph()));
            assertThat(other.fingerprint()).isEqualTo(one.fingerprint());
        }
    }

    @Test
    void otherMoleculesDiffer() {
        assertThat(DRUGS.stream()
                        .map(smiles -> SmilesReader.read("drug", smiles).smiles()))
                .doesNotHaveDuplicates();
        assertThat(shape(SmilesReader.read("a", "CCO").graph()))
                .isNotEqualTo(shape(SmilesReader.read("b", "CCN").graph()));
    }

    @ParameterizedTest
    @CsvSource({
        "C1=CC=CC=C1, c1ccccc1",
        "CC1=CC=CC=C1Cl, CC1=C(Cl)C=CC=C1",
        "[CH3][CH2][OH], CCO",
        "C([H])([H])([H])O[H], CO",
        "F/C=C/F, FC=CF",
        "C[C@H](N)O, C[C@@H](N)O",
        "[CH3:7]O, CO"
    })
    void waysOfWritingOneMoleculeAreEqual(String one, String other) {
        Molecule first = SmilesReader.read("a", one);
        Molecule second = SmilesReader.read("b", other);
        assertThat(first.smiles()).isEqualTo(second.smiles());
        assertThat(shape(first.graph())).isEqualTo(shape(second.graph()));
        assertThat(first.fingerprint()).isEqualTo(second.fingerprint());
    }

    @Test
    void ofASaltTheLargestOrganicPartIsKeptAndANoteSaysSo() {
        Molecule salt = SmilesReader.read("salt", "[Na+].CC(=O)[O-].Cl.OS(=O)(=O)O");
        assertThat(salt.graph().size()).isEqualTo(4);
        assertThat(salt.notes()).singleElement().asString().contains("Of 4 parts", "[Na+]", "Cl");
        assertThat(SmilesReader.read("salt", "OS(=O)(=O)O.Cl.[O-]C(=O)C.[Na+]").smiles())
                .isEqualTo(salt.smiles());
        assertThat(SmilesReader.read("acid", "CC(=O)O").notes()).isEmpty();
    }

    @Test
    void cisplatinIsReadBondedOrInParts() {
        Molecule bonded = SmilesReader.read("cisplatin", "N[Pt](N)(Cl)Cl");
        assertThat(bonded.graph().size()).isEqualTo(5);
        assertThat(bonded.notes()).isEmpty();
        Molecule parts = SmilesReader.read("cisplatin", "N.N.Cl[Pt]Cl");
        assertThat(parts.graph().size()).isEqualTo(5);
        assertThat(parts.notes()).singleElement().asString().contains("complex of a metal", "all are kept");
        assertThat(bonded.graph().atoms()[1][12]).isEqualTo(1);
    }

    @Test
    void isotopesAreReadAsTheirElement() {
        Molecule heavy = SmilesReader.read("heavy", "[13CH3]O");
        assertThat(heavy.smiles()).isEqualTo(SmilesReader.read("light", "CO").smiles());
        assertThat(heavy.notes()).singleElement().asString().contains("Isotopes");
        assertThat(SmilesReader.read("deuterated", "[2H]C([2H])([2H])O").smiles())
                .isEqualTo(SmilesReader.read("light", "CO").smiles());
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "''|is empty",
                "C1CC|cannot be read",
                "CC(C|cannot be read",
                "C)C|cannot be read",
                "[Xx]|no known element",
                "c1cccc1|cannot be read",
                "C[C|cannot be read",
                "CC O|character 3",
                "C>>O|is a reaction",
                "C*|placeholder",
                "CC(C)(C)(C)C|5 bonds",
                "CO(C)C|3 bonds",
                "CFC|2 bonds",
                "Cé|character 2"
            })
    void whatIsNoMoleculeIsRefusedWithDrugPlaceAndRemedy(String smiles, String said) {
        assertThatThrownBy(() -> SmilesReader.read("Examplinib", smiles))
                .isInstanceOf(InputException.class)
                .hasMessageStartingWith("drug Examplinib (")
                .hasMessageContaining("SMILES)")
                .hasMessageContaining(said)
                .hasMessageContaining("leave the drug out.");
    }

    @Test
    void whatIsTooLongIsRefused() {
        assertThatThrownBy(() -> SmilesReader.read("long", "C".repeat(SmilesReader.LONGEST + 1)))
                .isInstanceOf(InputException.class)
                .hasMessageContaining("5001 characters");
        assertThatThrownBy(() -> SmilesReader.read("many", "C".repeat(SmilesReader.MOST_ATOMS + 1)))
                .isInstanceOf(InputException.class)
                .hasMessageContaining("501 heavy atoms");
        assertThat(SmilesReader.read("most", "C".repeat(SmilesReader.MOST_ATOMS))
                        .graph()
                        .size())
                .isEqualTo(SmilesReader.MOST_ATOMS);
        assertThatThrownBy(() -> SmilesReader.read("deep", "C(".repeat(1600) + "C" + ")".repeat(1600)))
                .isInstanceOf(InputException.class);
    }

    @ParameterizedTest
    @ValueSource(longs = {1, 2, 3})
    void randomTextIsReadOrRefusedAndNothingElse(long seed) {
        String letters = "CNOcn()[]12=#+-.FHPt%@/";
        KeyedRandom random = KeyedRandom.of(seed);
        int refused = 0;
        for (int i = 0; i < 2000; i++) {
            StringBuilder text = new StringBuilder();
            for (int length = random.nextInt(12); length >= 0; length--) {
                text.append(letters.charAt(random.nextInt(letters.length())));
            }
            try {
                assertThat(SmilesReader.read("drug", text.toString()).graph().size())
                        .isPositive();
            } catch (InputException expected) {
                refused++;
            } catch (RuntimeException | StackOverflowError fault) {
                throw new AssertionError("seed " + seed + ", " + text, fault);
            }
        }
        assertThat(refused).isBetween(1, 1999);
    }

    @Test
    void featuresAreThoseOfTheAtomsAndBonds() {
        MolecularGraph graph = SmilesReader.read("acetamide", "CC(=O)N").graph();
        float[] nitrogen = graph.atoms()[3];
        assertThat(nitrogen[2]).as("element").isEqualTo(1);
        assertThat(nitrogen[14 + 1]).as("neighbours").isEqualTo(1);
        assertThat(nitrogen[21 + 2]).as("hydrogens").isEqualTo(1);
        assertThat(nitrogen[26 + 3]).as("valence").isEqualTo(1);
        assertThat(nitrogen[33 + 2]).as("charge").isEqualTo(1);
        assertThat(nitrogen[38 + 1]).as("sp2, as its lone pair conjugates").isEqualTo(1);
        assertThat(graph.edges()).isEqualTo(6);
        // Edges ascend by their target: that to the nitrogen is the last.
        assertThat(graph.bonds()[5]).containsExactly(1, 0, 0, 0, 0, 1, 0);
        assertThat(SmilesReader.read("benzene", "c1ccccc1").graph().bonds()[0]).containsExactly(0, 0, 0, 1, 0, 1, 1);
    }

    @Test
    void tanimotoIsTheShareOfCommonBits() {
        MolecularFingerprint one = fingerprint(1, 5, 9);
        assertThat(one.tanimoto(fingerprint(5, 9, 11, 12))).isEqualTo(0.4);
        assertThat(one.tanimoto(one)).isEqualTo(1);
        assertThat(one.tanimoto(fingerprint(2))).isZero();
        assertThat(one.bits()).hasSize(1024).contains(1, org.assertj.core.data.Index.atIndex(9));
        MolecularFingerprint ethanol = SmilesReader.read("a", "CCO").fingerprint();
        MolecularFingerprint propanol = SmilesReader.read("b", "CCCO").fingerprint();
        MolecularFingerprint benzene = SmilesReader.read("c", "c1ccccc1").fingerprint();
        assertThat(ethanol.tanimoto(propanol)).isGreaterThan(ethanol.tanimoto(benzene));
    }

    private static MolecularFingerprint fingerprint(int... bits) {
        int[] counts = new int[MolecularFingerprint.SIZE];
        Arrays.stream(bits).forEach(bit -> counts[bit]++);
        return new MolecularFingerprint(counts);
    }

    /** A graph up to the order of its atoms, as far as three rounds of neighbours tell. */
    static List<String> shape(MolecularGraph graph) {
        String[] colours = Arrays.stream(graph.atoms()).map(Arrays::toString).toArray(String[]::new);
        for (int round = 0; round < 3; round++) {
            String[] before = colours;
            colours = IntStream.range(0, graph.size())
                    .mapToObj(atom -> before[atom].hashCode() + ":"
                            + IntStream.range(0, graph.edges())
                                    .filter(edge -> graph.to()[edge] == atom)
                                    .mapToObj(edge -> before[graph.from()[edge]] + Arrays.toString(graph.bonds()[edge]))
                                    .sorted()
                                    .toList()
                                    .hashCode())
                    .toArray(String[]::new);
        }
        return Arrays.stream(colours).sorted().toList();
    }

    /** The molecule written from its atoms in a random order. */
    static String shuffled(String smiles, KeyedRandom random) throws CDKException {
        IAtomContainer molecule = new SmilesParser(SilentChemObjectBuilder.getInstance()).parseSmiles(smiles);
        int[] order = random.permutation(molecule.getAtomCount());
        IAtom[] atoms = Arrays.stream(order).mapToObj(molecule::getAtom).toArray(IAtom[]::new);
        molecule.setAtoms(atoms);
        return new SmilesGenerator(SmiFlavor.Generic).create(molecule);
    }
}
