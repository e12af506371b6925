package org.celllm.data.anndata;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.celllm.data.InputException;
import org.celllm.data.hdf5.Hdf5File;
import org.celllm.data.hdf5.Hdf5Group;
import org.celllm.data.matrix.AnnotationTable;
import org.celllm.data.matrix.CellBlock;
import org.celllm.data.matrix.CellReader;
import org.celllm.data.matrix.ExpressionFile;
import org.celllm.data.matrix.MatrixSlot;
import org.jspecify.annotations.Nullable;

/** An AnnData {@code .h5ad} file of any version. */
public final class AnnDataFile implements ExpressionFile {
    private static final String RAW = "raw/X";
    private static final String OBS = "obs";
    /** Cells whose names and columns are kept from the start; those of more are made sure of, and read when asked for. */
    private static final int MOST_KEPT = 1 << 16;

    private final Hdf5File file;
    private final List<AnnDataSlot> slots;
    private final int cellCount;
    private final @Nullable AnnotationTable genes;
    private final @Nullable AnnotationTable rawGenes;
    private final String dialect;
    private @Nullable AnnotationTable cells;

    private AnnDataFile(Hdf5File file) {
        Hdf5Group root = file.root();
        this.file = file;
        this.slots = AnnDataSlots.of(root);
        this.dialect = dialect(root);
        this.cellCount = Math.toIntExact(AnnDataTable.rows(root, OBS));
        if (cellCount <= MOST_KEPT) {
            cells = AnnDataTable.read(root, OBS);
        } else {
            AnnDataTable.check(root, OBS);
        }
        boolean hasRaw = slots.stream().anyMatch(s -> s.slot().name().equals(RAW));
        boolean hasOther = slots.stream().anyMatch(s -> !s.slot().name().equals(RAW));
        this.genes = hasOther ? AnnDataTable.read(root, "var") : null;
        Hdf5Group raw = root.group("raw");
        this.rawGenes =
                hasRaw ? (raw != null ? AnnDataTable.read(raw, "var") : AnnDataTable.read(root, "raw.var")) : null;
        for (AnnDataSlot slot : slots) {
            requireShape(slot.slot());
        }
    }

    /**
     * Reads names and shapes.
     *
     * @param file stays open until this is closed
     * @throws InputException when it lacks a matrix, cells or genes, or is damaged
     */
    public static AnnDataFile of(Hdf5File file) {
        return new AnnDataFile(file);
    }

    /** Whether an HDF5 file is AnnData: it says so, or holds {@code obs} or {@code var}. */
    public static boolean recognises(Hdf5File file) {
        Hdf5Group root = file.root();
        return "anndata".equals(root.attributes().string("encoding-type"))
                || root.has("obs")
                || root.has("var")
                || root.has("raw.var");
    }

    @Override
    public Path path() {
        return file.path();
    }

    @Override
    public String format() {
        return "AnnData h5ad (" + dialect + ")";
    }

    @Override
    public List<String> remarks() {
        List<String> remarks = new ArrayList<>();
        if (slots.stream().noneMatch(slot -> slot.slot().name().equals("X"))) {
            remarks.add("there is no X");
        }
        return remarks;
    }

    @Override
    public List<MatrixSlot> slots() {
        return slots.stream().map(AnnDataSlot::slot).toList();
    }

    @Override
    public AnnotationTable cells() {
        AnnotationTable known = cells;
        if (known == null) {
            known = AnnDataTable.read(file.root(), OBS);
            cells = known;
        }
        return known;
    }

    @Override
    public int cellCount() {
        return cellCount;
    }

    @Override
    public List<String> cellNames(int from, int count) {
        return cells != null
                ? cells.names().subList(from, from + count)
                : AnnDataTable.names(file.root(), OBS, from, count);
    }

    @Override
    public AnnotationTable genes(MatrixSlot slot) {
        AnnotationTable table = slot.name().equals(RAW) ? rawGenes : genes;
        if (table == null) {
            throw new IllegalArgumentException("no slot " + slot.name());
        }
        return table;
    }

    @Override
    public CellReader read(MatrixSlot slot, int cellsPerBlock) throws IOException {
        return find(slot).read(cellsPerBlock);
    }

    @Override
    public CellBlock pick(MatrixSlot slot, int[] rows) throws IOException {
        return find(slot).pick(rows);
    }

    @Override
    public int @Nullable [] storedValues(MatrixSlot slot) {
        return find(slot).storedValues();
    }

    private AnnDataSlot find(MatrixSlot slot) {
        for (AnnDataSlot candidate : slots) {
            if (candidate.slot().equals(slot)) {
                return candidate;
            }
        }
        throw new IllegalArgumentException("no slot " + slot.name());
    }

    @Override
    public void close() {
        file.close();
    }

    private void requireShape(MatrixSlot slot) {
        AnnotationTable own = genes(slot);
        if (slot.cells() != cellCount || slot.genes() != own.size()) {
            throw InputException.about(path())
                    .at("/" + slot.name())
                    .found("is " + slot.cells() + " × " + slot.genes())
                    .expected(cellCount + " cells × " + own.size() + " genes, as obs and var say")
                    .remedy("The file was not written to its end, or by hand: write it again with anndata")
                    .build();
        }
        if (slot.cells() == 0 || slot.genes() == 0) {
            throw InputException.about(path())
                    .at("/" + slot.name())
                    .found("has " + slot.cells() + " cells and " + slot.genes() + " genes")
                    .expected("at least one of each")
                    .remedy("Look whether a filter removed everything before the file was written")
                    .build();
        }
    }

    private static String dialect(Hdf5Group root) {
        if ("anndata".equals(root.attributes().string("encoding-type"))) {
            return "anndata 0.8 or later";
        }
        Hdf5Group obs = root.group("obs");
        return obs != null ? "anndata 0.7" : "before anndata 0.7, compound tables";
    }
}
