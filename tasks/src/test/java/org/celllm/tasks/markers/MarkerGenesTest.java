package org.celllm.tasks.markers;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.celllm.data.anndata.write.H5adWriter;
import org.celllm.data.genes.GeneVocabulary;
import org.celllm.data.matrix.AnnotationTable;
import org.celllm.data.matrix.CellBlock;
import org.celllm.data.matrix.Column;
import org.celllm.data.progress.Progress;
import org.celllm.data.random.KeyedRandom;
import org.celllm.network.CellLanguageModel;
import org.celllm.network.ModelOptions;
import org.celllm.network.runtime.Precision;
import org.celllm.network.weights.ModelFolder;
import org.celllm.tasks.SimulatedCells;
import org.celllm.tasks.annotate.Annotator;
import org.celllm.tasks.annotate.AnnotatorFit;
import org.celllm.tasks.annotate.AnnotatorSettings;
import org.celllm.tasks.embed.EmbedSettings;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class MarkerGenesTest {
    private static final int GENES = 80;
    private static final int CELLS = 240;
    private static final int TYPES = 3;
    private static final int PLANTED = 3;

    @TempDir
    static Path folder;

    private static MarkerGenes found;
    private static MarkerGenes control;

    @BeforeAll
    static void fit() throws IOException {
        Path model = folder.resolve("model");
        try (CellLanguageModel network = CellLanguageModel.create(
                SimulatedCells.network(GENES, 128), ModelOptions.PUBLISHED, 5, Precision.FLOAT32)) {
            ModelFolder.write(model, network, new GeneVocabulary(genes()), JsonNodeFactory.instance.objectNode());
        }
        Path cells = write();
        found = markers(model, cells, "cell_type");
        control = markers(model, cells, "shuffled");
        found.write(folder.resolve("markers.csv"));
    }

    @Test
    void theGenesThatWerePlantedInATypeStandFirst() {
        assertThat(found.types()).extracting(MarkerGenes.OfType::label).containsExactly("type0", "type1", "type2");
        for (MarkerGenes.OfType type : found.types()) {
            assertThat(names(type)).as(type.label()).containsAll(planted(type.label()));
            assertThat(type.genes().get(0).worth()).isPositive();
            assertThat(type.asked()).isEqualTo(6);
            for (MarkerGenes.Gene gene : type.genes()) {
                if (planted(type.label()).contains(gene.name())) {
                    assertThat(gene.expressed()).isGreaterThan(0.9);
                }
            }
        }
    }

    @Test
    void anAnnotatorOfShuffledLabelsDoesNotNameThem() {
        long hits = control.types().stream()
                .flatMap(type -> names(type).stream().filter(planted(type.label())::contains))
                .count();
        assertThat(hits).as("of %d", TYPES * PLANTED).isLessThanOrEqualTo(4);
    }

    @Test
    void theCsvHasALineAGene() throws IOException {
        List<String> lines = Files.readAllLines(folder.resolve("markers.csv"));
        assertThat(lines.get(0)).isEqualTo("label,rank,gene,worth,expressed,cells,asked");
        assertThat(lines)
                .hasSize(1
                        + found.types().stream()
                                .map(MarkerGenes.OfType::genes)
                                .mapToInt(Collection::size)
                                .sum());
        assertThat(lines.get(1)).matches("type0,1,T0M\\d,\\d+\\.\\d{6},[01]\\.\\d{4},\\d+,6");
    }

    private static List<String> names(MarkerGenes.OfType type) {
        return type.genes().stream().map(MarkerGenes.Gene::name).toList();
    }

    private static List<String> planted(String label) {
        return IntStream.range(0, PLANTED)
                .mapToObj(m -> "T" + label.charAt(label.length() - 1) + "M" + m)
                .collect(Collectors.toList());
    }

    private static MarkerGenes markers(Path model, Path cells, String column) throws IOException {
        Path annotator = folder.resolve("annotator of " + column);
        AnnotatorFit.fit(model, cells, column, AnnotatorSettings.usual(0).withSeeds(1), Progress.SILENT)
                .save(annotator);
        try (Annotator opened = Annotator.open(annotator, EmbedSettings.usual())) {
            return MarkerGenes.find(opened, cells, new MarkerGenes.Settings(6, 6, 1), Progress.SILENT);
        }
    }

    /** The genes that are planted, and others that tell nothing. */
    private static List<String> genes() {
        return IntStream.range(0, GENES)
                .mapToObj(g -> g < TYPES * PLANTED ? "T" + g / PLANTED + "M" + g % PLANTED : "G" + g)
                .toList();
    }

    private static Path write() throws IOException {
        KeyedRandom random = KeyedRandom.of(9, 1);
        int[] offsets = new int[CELLS + 1];
        int[] genes = new int[CELLS * GENES];
        float[] values = new float[genes.length];
        int at = 0;
        for (int cell = 0; cell < CELLS; cell++) {
            for (int gene = 0; gene < GENES; gene++) {
                boolean own = gene / PLANTED == cell % TYPES;
                int count = random.nextInt(own ? 14 : 5) + (own ? 4 : 0);
                if (count > 0) {
                    genes[at] = gene;
                    values[at++] = count;
                }
            }
            offsets[cell + 1] = at;
        }
        int[] types = IntStream.range(0, CELLS).map(cell -> cell % TYPES).toArray();
        int[] order = KeyedRandom.of(9, 2).permutation(CELLS);
        int[] shuffled =
                IntStream.range(0, CELLS).map(cell -> types[order[cell]]).toArray();
        List<String> labels =
                IntStream.range(0, TYPES).mapToObj(type -> "type" + type).toList();
        Path target = folder.resolve("planted.h5ad");
        CellBlock block = new CellBlock(0, CELLS, offsets, genes, values);
        H5adWriter.write(target, made -> {
            made.var(new AnnotationTable(genes(), Map.of()));
            made.cells(block);
            made.obs(new AnnotationTable(
                    IntStream.range(0, CELLS).mapToObj(cell -> "c" + cell).toList(),
                    Map.of(
                            "cell_type", new Column.Categorical(types, labels),
                            "shuffled", new Column.Categorical(shuffled, labels))));
        });
        return target;
    }
}
