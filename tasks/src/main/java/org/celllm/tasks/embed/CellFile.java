package org.celllm.tasks.embed;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import org.celllm.data.cells.PreparedCells;
import org.celllm.data.files.FileFingerprint;
import org.celllm.data.files.Sha256;
import org.celllm.data.genes.GeneIdentity;
import org.celllm.data.genes.GeneMapping;
import org.celllm.data.genes.GeneVocabulary;
import org.celllm.data.matrix.AnnotationTable;
import org.celllm.data.matrix.ExpressionFile;
import org.celllm.data.matrix.ExpressionFiles;
import org.celllm.data.tokens.SlotChoice;
import org.celllm.data.tokens.ValueStates;
import org.celllm.data.tokens.ValuesOption;
import org.celllm.tasks.pieces.RunBasis;

/**
 * A file of cells with its slot chosen: opened once, read as often as there are vocabularies to map it to, one reading
 * at a time.
 *
 * @param file open
 * @param choice the slot that is read, and the state of its values
 * @param identity how gene names are matched
 */
public record CellFile(ExpressionFile file, SlotChoice choice, GeneIdentity identity) implements AutoCloseable {
    /**
     * Opens a file and chooses a slot.
     *
     * @throws org.celllm.data.InputException when the file cannot be read, or its values are in no fit state
     */
    public static CellFile open(Path path, ValuesOption values, GeneIdentity identity) throws IOException {
        ExpressionFile file = ExpressionFiles.open(path);
        try {
            return new CellFile(file, ValueStates.choose(file, values), identity);
        } catch (RuntimeException | IOException e) {
            file.close();
            throw e;
        }
    }

    /** The path as the user gave it. */
    public Path path() {
        return file.path();
    }

    /** Names and columns of the cells. */
    public AnnotationTable cells() {
        return file.cells();
    }

    /**
     * Where the file's genes stand in a vocabulary.
     *
     * @throws org.celllm.data.InputException when too few of them do
     */
    public GeneMapping map(GeneVocabulary vocabulary) {
        GeneMapping mapping = identity.map(file.genes(choice.slot()), vocabulary);
        GeneIdentity.requireOverlap(mapping, vocabulary, file.path());
        return mapping;
    }

    /** All genes of the file under their canonical names, each once, in the file's order. */
    public GeneVocabulary ownGenes() {
        LinkedHashSet<String> names = new LinkedHashSet<>(
                identity.canonical(file.genes(choice.slot())).canonical());
        names.removeIf(String::isBlank);
        ArrayList<String> kept = new ArrayList<>(names);
        return new GeneVocabulary(kept.subList(0, Math.min(kept.size(), GeneVocabulary.MOST_GENES)));
    }

    /** How many cells there are; unlike {@link #cells()} this reads none of their names. */
    public int cellCount() {
        return choice.slot().cells();
    }

    /**
     * Starts reading the cells over the vocabulary of a mapping, in batches whose borders depend on the cells alone: at
     * multiples of {@code cellsPerBatch}, and between them only where values are very many.
     */
    public PreparedCells read(GeneMapping mapping, int cellsPerBatch) throws IOException {
        return PreparedCells.openEven(file, choice, mapping, cellsPerBatch);
    }

    /**
     * What the batches that are read depend on: the file's bytes as {@link FileFingerprint} knows them, which of its
     * values, read as what, and where its genes stand.
     */
    public RunBasis basis(GeneMapping mapping) throws IOException {
        ByteBuffer places = ByteBuffer.allocate(4 * mapping.target().length);
        places.asIntBuffer().put(mapping.target());
        return RunBasis.of("file", FileFingerprint.of(path()))
                .and("cells", String.valueOf(cellCount()))
                .and("values", choice.slot().name() + " as " + choice.state().word())
                .and(
                        "genes",
                        mapping.mapped() + " mapped, "
                                + Sha256.of(places.array()).substring(0, 16));
    }

    @Override
    public void close() throws IOException {
        file.close();
    }
}
