package org.celllm.training;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.Arrays;
import java.util.List;
import org.celllm.data.cells.CellBatch;
import org.celllm.data.genes.GeneVocabulary;

/** Cells over more genes than their own, such as those of a model that training goes on from. Closing it closes the cells. */
final class WiderCells implements TrainingCells {
    private final TrainingCells cells;
    private final GeneVocabulary genes;
    private final char[] place;

    /**
     * @param genes all genes of {@code cells}, and others
     */
    WiderCells(TrainingCells cells, GeneVocabulary genes) {
        this.cells = cells;
        this.genes = genes;
        this.place = new char[cells.genes().size()];
        for (int gene = 0; gene < place.length; gene++) {
            String name = cells.genes().names().get(gene);
            int found = genes.indexOf(name);
            if (found < 0) {
                throw new IllegalArgumentException("the wider vocabulary lacks " + name);
            }
            place[gene] = (char) found;
        }
    }

    @Override
    public GeneVocabulary genes() {
        return genes;
    }

    @Override
    public long cells() {
        return cells.cells();
    }

    @Override
    public int sources() {
        return cells.sources();
    }

    @Override
    public int sourcesWithBoth() {
        return cells.sourcesWithBoth();
    }

    @Override
    public long normal() {
        return cells.normal();
    }

    @Override
    public long cancer() {
        return cells.cancer();
    }

    @Override
    public long labelled() {
        return cells.labelled();
    }

    @Override
    public CellBatch batch(long step, int size) {
        return wider(cells.batch(step, size));
    }

    @Override
    public CellBatch validation(int most) {
        return wider(cells.validation(most));
    }

    @Override
    public String sampling() {
        return cells.sampling();
    }

    @Override
    public List<String> samplingNotes(int batch) {
        return cells.samplingNotes(batch);
    }

    @Override
    public String hash() {
        return cells.hash();
    }

    @Override
    public JsonNode description() {
        return cells.description();
    }

    @Override
    public void close() {
        cells.close();
    }

    /** The same cells under other numbers of the genes, which ascend within a cell again. */
    private CellBatch wider(CellBatch batch) {
        char[] moved = new char[batch.genes().length];
        float[] values = new float[moved.length];
        for (int cell = 0; cell < batch.cells(); cell++) {
            int from = batch.offsets()[cell];
            long[] order = new long[batch.length(cell)];
            for (int i = 0; i < order.length; i++) {
                order[i] = (long) place[batch.genes()[from + i]] << 32 | (from + i);
            }
            Arrays.sort(order);
            for (int i = 0; i < order.length; i++) {
                moved[from + i] = (char) (order[i] >>> 32);
                values[from + i] = batch.values()[(int) order[i]];
            }
        }
        return new CellBatch(
                batch.cells(),
                batch.offsets(),
                moved,
                values,
                batch.totals(),
                batch.states(),
                batch.disease(),
                batch.label(),
                batch.source(),
                batch.rows());
    }
}
