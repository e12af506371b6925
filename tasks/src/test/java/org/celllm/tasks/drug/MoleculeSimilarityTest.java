package org.celllm.tasks.drug;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.openscience.cdk.aromaticity.Aromaticity;
import org.openscience.cdk.exception.CDKException;
import org.openscience.cdk.fingerprint.CircularFingerprinter;
import org.openscience.cdk.graph.Cycles;
import org.openscience.cdk.interfaces.IAtomContainer;
import org.openscience.cdk.silent.SilentChemObjectBuilder;
import org.openscience.cdk.smiles.SmilesParser;

class MoleculeSimilarityTest {
    private static final String ERLOTINIB = "COCCOc1cc2ncnc(Nc3cccc(c3)C#C)c2cc1OCCOC";
    private static final String GEFITINIB = "COc1cc2ncnc(Nc3ccc(F)c(Cl)c3)c2cc1OCCCN1CCOCC1";
    private static final String RAPAMYCIN =
            "CC1CCC2CC(C(=CC=CC=CC(CC(C(=O)C(C(C(=CC(C(=O)CC(OC(=O)C3CCCCN3C(=O)C(=O)C1(O2)O)C(C)CC4CCC(C(C4)OC)O)C)C)O)OC)C)C)C)OC";
    private static final List<String> SOME = List.of(
            ERLOTINIB,
            GEFITINIB,
            RAPAMYCIN,
            "CC(=O)Oc1ccccc1C(=O)O",
            "Cn1cnc2c1c(=O)n(C)c(=O)n2C",
            "CC(C)Cc1ccc(cc1)C(C)C(=O)O",
            "C1CCCCC1",
            "OCC(O)CO");

    /** Aspirin, by hand. */
    @Test
    void descriptorsCountWhatIsThere() {
        MolecularDescriptors aspirin = read("CC(=O)Oc1ccccc1C(=O)O").descriptors();
        assertThat(aspirin.heavyAtoms()).isEqualTo(13);
        assertThat(aspirin.weight()).isCloseTo(180.16, within(0.02));
        assertThat(aspirin.oxygens()).isEqualTo(4);
        assertThat(aspirin.nitrogens()).isZero();
        assertThat(aspirin.rings()).isEqualTo(1);
        assertThat(aspirin.largestRing()).isEqualTo(6);
        assertThat(aspirin.aromaticAtoms()).isEqualTo(6);
        // Ester oxygen to its carbonyl and to the ring, and the acid to the ring.
        assertThat(aspirin.rotatableBonds()).isEqualTo(3);
        assertThat(aspirin.donors()).isEqualTo(1);
        assertThat(aspirin.saturatedCarbons()).isCloseTo(1.0 / 9, within(1e-12));
        assertThat(aspirin.chargedAtoms()).isZero();
        MolecularDescriptors rapamycin = read(RAPAMYCIN).descriptors();
        assertThat(rapamycin.weight()).isCloseTo(914.2, within(0.1));
        assertThat(rapamycin.largestRing()).as("a macrocycle").isGreaterThan(20);
        MolecularDescriptors nitro = read("Fc1cc(Cl)cc(S)c1[N+](=O)[O-]").descriptors();
        assertThat(nitro.chargedAtoms()).isEqualTo(2);
        assertThat(nitro.halogens()).isEqualTo(2);
        assertThat(nitro.sulphurAndPhosphorus()).isEqualTo(1);
        assertThat(nitro.values()).hasSize(MolecularDescriptors.SIZE);
    }

    @Test
    void countsFoldAsTheBitsOfTheLibraryDo() throws CDKException {
        for (String smiles : SOME) {
            IAtomContainer molecule = new SmilesParser(SilentChemObjectBuilder.getInstance()).parseSmiles(smiles);
            Cycles.markRingAtomsAndBonds(molecule);
            Aromaticity.apply(Aromaticity.Model.Daylight, molecule);
            var bits = new CircularFingerprinter(CircularFingerprinter.CLASS_ECFP4, MolecularFingerprint.SIZE)
                    .getBitFingerprint(molecule)
                    .asBitSet();
            MolecularFingerprint counted = read(smiles).fingerprint();
            for (int bit = 0; bit < MolecularFingerprint.SIZE; bit++) {
                assertThat(counted.has(bit)).as("%s, bit %d", smiles, bit).isEqualTo(bits.get(bit));
            }
        }
        // Six alike neighbourhoods of each width.
        int most = 0;
        for (int place = 0; place < MolecularFingerprint.SIZE; place++) {
            most = Math.max(most, read("c1ccccc1").fingerprint().times(place));
        }
        assertThat(most).isEqualTo(6);
    }

    @Test
    void likeDrugsAreMoreAlike() {
        List<Molecule> molecules =
                SOME.stream().map(MoleculeSimilarityTest::read).toList();
        double[][] alike = new MoleculeSimilarity(molecules).between(molecules, molecules);
        for (int i = 0; i < alike.length; i++) {
            assertThat(alike[i][i]).isEqualTo(1);
            for (int j = 0; j < i; j++) {
                assertThat(alike[i][j]).isEqualTo(alike[j][i]).isBetween(0.0, 0.999);
            }
        }
        for (int other = 2; other < alike.length; other++) {
            assertThat(alike[0][1]).as("both are inhibitors of EGFR").isGreaterThan(alike[0][other]);
        }
    }

    /** A kernel: no weights give a negative square, or the regression could not be solved. */
    @Test
    void itIsPositiveDefinite() {
        List<Molecule> molecules =
                SOME.stream().map(MoleculeSimilarityTest::read).toList();
        double[][] left = new MoleculeSimilarity(molecules.subList(0, 5)).between(molecules, molecules);
        // Cholesky's pivots.
        for (int k = 0; k < left.length; k++) {
            assertThat(left[k][k]).as("pivot %d", k).isPositive();
            for (int i = k + 1; i < left.length; i++) {
                double factor = left[i][k] / left[k][k];
                for (int j = k; j < left.length; j++) {
                    left[i][j] -= factor * left[k][j];
                }
            }
        }
    }

    @Test
    void oneReferenceMoleculeIsEnoughAndOthersAreFinite() {
        List<Molecule> asked = new ArrayList<>();
        SOME.forEach(smiles -> asked.add(read(smiles)));
        double[][] alike = new MoleculeSimilarity(asked.subList(0, 1)).between(asked, asked.subList(0, 1));
        assertThat(alike[0][0]).isEqualTo(1);
        for (double[] row : alike) {
            assertThat(row[0]).isBetween(0.0, 1.0);
        }
    }

    /** Radium and technetium have no natural isotopes, and drugs hold them. */
    @Test
    void elementsWithoutNaturalIsotopesHaveAWeight() {
        List<Molecule> some = new ArrayList<>();
        some.add(read("[Ra+2].[Cl-].[Cl-]"));
        some.add(read("[99Tc]"));
        assertThat(some.get(0).descriptors().weight()).isBetween(200.0, 320.0);
        SOME.forEach(smiles -> some.add(read(smiles)));
        for (double[] row : new MoleculeSimilarity(some).between(some, some)) {
            for (double alike : row) {
                assertThat(alike).isBetween(0.0, 1.0);
            }
        }
    }

    @Test
    void countsAreChecked() {
        assertThatThrownBy(() -> new MolecularFingerprint(new int[3])).hasMessageContaining("3 counts");
        int[] counts = new int[MolecularFingerprint.SIZE];
        counts[7] = -1;
        assertThatThrownBy(() -> new MolecularFingerprint(counts)).hasMessageContaining("-1");
    }

    private static Molecule read(String smiles) {
        return SmilesReader.read("a drug", smiles);
    }
}
