package org.celllm.tasks.drug;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.celllm.data.InputException;
import org.celllm.data.random.KeyedRandom;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.openscience.cdk.exception.CDKException;

class DrugTableTest {
    @TempDir
    Path folder;

    @Test
    void columnsAreFoundByTheirTitles() throws IOException {
        Path file =
                written("\uFEFFCID,Drug_Name,CanonicalSMILES\r\n1,\"acid, acetic\",CC(=O)O\r\n\r\n2,ethanol,CCO\r\n");
        DrugTable table = DrugTable.read(file, DrugColumns.USUAL);
        assertThat(table.molecules()).extracting(Molecule::name).containsExactly("acid, acetic", "ethanol");
        assertThat(table.find("ethanol")).isNotNull();
        assertThat(table.find("water")).isNull();
    }

    @Test
    void columnsAreThoseThatAreNamed() throws IOException {
        Path file = written("name\tlabel\tSMILES\tours\nx\ty\tCC\tCO\n");
        DrugTable table = DrugTable.read(file, new DrugColumns(List.of("label"), List.of("ours")));
        assertThat(table.molecules().get(0).name()).isEqualTo("y");
        assertThat(table.molecules().get(0).graph().size()).isEqualTo(2);
        assertThatThrownBy(() -> DrugTable.read(file, new DrugColumns(List.of("drug"), List.of("SMILES"))))
                .isInstanceOf(InputException.class)
                .hasMessageContaining("has the columns name, label, SMILES, ours; expected a column named drug");
    }

    @Test
    void errorsNameFileAndLine() throws IOException {
        refused("drug,smiles\na,CC\nb,C1CC\n", "drugs.csv (line 3, drug b");
        refused("drug,smiles\na,CC\nb\n", "drugs.csv (line 3): has 1 fields");
        refused("drug,smiles\n,CC\n", "line 2): has nothing in the column drug");
        refused("drug,smiles\na,CC\na,CO\n", "line 3): drug a is another molecule");
        refused("drug,formula\na,CC\n", "line 1): has the columns drug, formula");
        refused("drug,smiles\n", "has no row below its header");
        refused("", "has no header");
    }

    @Test
    void aDrugMayStandTwiceWithOneMolecule() throws IOException {
        Path file = written("drug;smiles\na;OCC\na;CCO\n");
        assertThat(DrugTable.read(file, DrugColumns.USUAL).molecules()).hasSize(1);
    }

    @Test
    void realDrugsReadAlikeFromBothColumnsAndInAnyOrderOfAtoms() throws IOException, CDKException {
        Path file = Path.of(System.getProperty("celllm.shared"), "data", "drug", "drug_smiles_170_tgsa.csv");
        Assumptions.assumeTrue(Files.isRegularFile(file), file + " is not here: the real-data check is skipped");
        DrugTable plain = DrugTable.read(file, new DrugColumns(DrugColumns.USUAL.name(), List.of("CanonicalSMILES")));
        DrugTable isomeric = DrugTable.read(file, new DrugColumns(DrugColumns.USUAL.name(), List.of("IsomericSMILES")));
        assertThat(plain.molecules()).hasSize(170);
        KeyedRandom random = KeyedRandom.of(11);
        for (int i = 0; i < 170; i++) {
            Molecule drug = plain.molecules().get(i);
            assertThat(isomeric.molecules().get(i).smiles()).isEqualTo(drug.smiles());
            Molecule again = SmilesReader.read("again", SmilesReaderTest.shuffled(drug.smiles(), random));
            assertThat(again.smiles()).as("%s, seed 11", drug.name()).isEqualTo(drug.smiles());
            assertThat(SmilesReaderTest.shape(again.graph())).isEqualTo(SmilesReaderTest.shape(drug.graph()));
            assertThat(again.fingerprint()).as("%s, seed 11", drug.name()).isEqualTo(drug.fingerprint());
        }
    }

    private void refused(String text, String said) throws IOException {
        Path file = written(text);
        assertThatThrownBy(() -> DrugTable.read(file, DrugColumns.USUAL))
                .isInstanceOf(InputException.class)
                .hasMessageContaining(said);
    }

    private Path written(String text) throws IOException {
        return Files.writeString(folder.resolve("drugs.csv"), text);
    }
}
