package org.celllm.data.anndata;

import java.util.ArrayList;
import java.util.List;
import org.celllm.data.InputException;
import org.celllm.data.hdf5.Hdf5Attributes;
import org.celllm.data.hdf5.Hdf5Dataset;
import org.celllm.data.hdf5.Hdf5Group;
import org.celllm.data.hdf5.SparseParts;
import org.celllm.data.matrix.MatrixSlot;
import org.celllm.data.matrix.MatrixSlot.Layout;
import org.jspecify.annotations.Nullable;

/** Finds the matrices of an AnnData file: {@code X}, {@code raw/X} (or {@code raw.X}) and the layers. */
final class AnnDataSlots {
    private AnnDataSlots() {}

    /** All that are there, {@code X} first. */
    static List<AnnDataSlot> of(Hdf5Group root) {
        List<AnnDataSlot> slots = new ArrayList<>();
        add(slots, root, "X", "X");
        Hdf5Group raw = root.group("raw");
        if (raw != null) {
            add(slots, raw, "X", "raw/X");
        } else {
            add(slots, root, "raw.X", "raw/X");
        }
        Hdf5Group layers = root.group("layers");
        if (layers != null) {
            for (String layer : layers.names()) {
                add(slots, layers, layer, "layers/" + layer);
            }
        }
        if (slots.isEmpty()) {
            throw InputException.about(root.file().path())
                    .found("holds no matrix")
                    .expected("X, raw/X or a layer")
                    .remedy("Write the file with its counts in X: adata.X = counts; adata.write_h5ad(path)")
                    .build();
        }
        return slots;
    }

    private static void add(List<AnnDataSlot> slots, Hdf5Group parent, String child, String name) {
        Hdf5Dataset dense = parent.dataset(child);
        if (dense != null) {
            // A null dataspace is how anndata writes X = None.
            if (dense.shape().length == 2) {
                slots.add(dense(dense, name));
            }
            return;
        }
        Hdf5Group group = parent.group(child);
        if (group != null) {
            slots.add(sparse(group, name));
        }
    }

    private static AnnDataSlot dense(Hdf5Dataset dataset, String name) {
        if (!dataset.type().numeric()) {
            throw dataset.error()
                    .found("holds " + dataset.type().word() + " values")
                    .expected("numbers")
                    .build();
        }
        int cells = size(dataset.error(), dataset.shape()[0]);
        int genes = size(dataset.error(), dataset.shape()[1]);
        MatrixSlot slot =
                new MatrixSlot(name, cells, genes, Layout.DENSE, dataset.type().word(), -1);
        return new AnnDataSlot(slot, dataset, null);
    }

    private static AnnDataSlot sparse(Hdf5Group group, String name) {
        Hdf5Attributes attributes = group.attributes();
        String encoding = attributes.string("encoding-type");
        String format = encoding == null ? attributes.string("h5sparse_format") : encoding;
        long[] shape = attributes.longs(attributes.has("shape") ? "shape" : "h5sparse_shape");
        @Nullable
        Layout layout = format == null
                ? null
                : format.startsWith("csr") ? Layout.CSR : format.startsWith("csc") ? Layout.CSC : null;
        InputException.Builder error = InputException.about(group.file().path()).at(group.place());
        if (layout == null || shape.length != 2) {
            throw error.found("is a matrix of the encoding \"" + format + "\"")
                    .expected("csr_matrix, csc_matrix or a dense array")
                    .remedy("Write the file again with anndata: adata.write_h5ad(path)")
                    .build();
        }
        SparseParts parts = SparseParts.of(group);
        int cells = size(error, shape[0]);
        int genes = size(error, shape[1]);
        long rows = layout == Layout.CSR ? cells : genes;
        if (parts.indptr().length() != rows + 1) {
            throw error.found("indptr has " + parts.indptr().length() + " entries")
                    .expected((rows + 1) + " for a " + format + " of " + cells + " × " + genes)
                    .remedy("The file is damaged: copy or write it again")
                    .build();
        }
        MatrixSlot slot =
                new MatrixSlot(name, cells, genes, layout, parts.data().type().word(), parts.nonzeros());
        return new AnnDataSlot(slot, null, parts);
    }

    private static int size(InputException.Builder error, long extent) {
        if (extent < 0 || extent > Integer.MAX_VALUE - 64) {
            throw error.found("has " + extent + " rows or columns")
                    .expected("at most " + (Integer.MAX_VALUE - 64))
                    .build();
        }
        return (int) extent;
    }
}
