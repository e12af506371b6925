package org.celllm.data.matrix;

import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Locale;
import org.celllm.data.InputException;
import org.celllm.data.hdf5.Hdf5File;
import org.celllm.data.hdf5.Hdf5Group;
import org.jspecify.annotations.Nullable;

/** Formats that are known but not read, each with the way to one that is. */
final class ForeignFormats {
    private static final String READ = "AnnData .h5ad, 10x .h5, a 10x folder with matrix.mtx, csv or tsv";

    private ForeignFormats() {}

    static void refuseFolder(Path folder) {
        if (Files.exists(folder.resolve(".zgroup"))
                || Files.exists(folder.resolve(".zattrs"))
                || Files.exists(folder.resolve("zarr.json"))) {
            throw refusal(folder, "is a zarr store", zarrRemedy());
        }
    }

    /** Refuses what is packed in a way that is not unpacked. */
    static void refusePacked(Path file, byte[] head) {
        if (starts(head, 'P', 'K', 3, 4)) {
            String name = String.valueOf(file.getFileName()).toLowerCase(Locale.ROOT);
            if (name.contains("zarr")) {
                throw refusal(file, "is a zipped zarr store", zarrRemedy());
            }
            if (name.endsWith(".xlsx")) {
                throw refusal(file, "is an Excel workbook", "Save the sheet as csv");
            }
            throw refusal(file, "is a zip archive", "Unpack it first");
        }
        if (starts(head, 'B', 'Z', 'h')
                || starts(head, 0xfd, '7', 'z', 'X', 'Z')
                || starts(head, 0x28, 0xb5, 0x2f, 0xfd)) {
            throw refusal(file, "is packed with bzip2, xz or zstd", "Unpack it first, or pack it with gzip");
        }
    }

    /** Refuses what is not text, by its first bytes, unpacked. */
    static void refuse(Path file, byte[] head) {
        if (head.length > 262 && new String(head, 257, 5, StandardCharsets.US_ASCII).equals("ustar")) {
            throw refusal(file, "is a tar archive", "Unpack it (tar xf) and give the folder inside");
        }
        if (starts(head, 0x93, 'N', 'U', 'M', 'P', 'Y')) {
            throw refusal(
                    file,
                    "is a numpy array, which names neither cells nor genes",
                    "In Python: anndata.AnnData(array, obs=..., var=...).write_h5ad(path)");
        }
        if (starts(head, 'R', 'D', 'X') || starts(head, 'X', '\n', 0)) {
            throw refusal(
                    file,
                    "is an R data file",
                    "In R: anndataR::write_h5ad(object, path), or zellkonverter::writeH5AD(sce, path)");
        }
        if (starts(head, 0x89, 'H', 'D', 'F')) {
            throw refusal(file, "is a gzipped or damaged HDF5 file", "Unpack it first (gunzip), or download it again");
        }
        for (byte b : head) {
            if (b == 0) {
                throw refusal(file, "is a binary file of a format that is not known", null);
            }
        }
    }

    /** The refusal of an HDF5 file that is neither AnnData nor 10x. */
    static InputException hdf5(Hdf5File file) {
        Hdf5Group root = file.root();
        if (root.group("row_attrs") != null && root.group("col_attrs") != null) {
            return refusal(
                    file.path(), "is a loom file", "In Python: scanpy.read_loom(path).write_h5ad(\"cells.h5ad\")");
        }
        if (root.group("mod") != null) {
            return refusal(
                    file.path(),
                    "is a MuData file with several modalities",
                    "In Python: mudata.read(path).mod[\"rna\"].write_h5ad(\"rna.h5ad\")");
        }
        if (root.group("assays") != null && root.has("active.ident")) {
            return refusal(file.path(), "is a Seurat h5 file", "In R: anndataR::write_h5ad(object, \"cells.h5ad\")");
        }
        if (isPyTables(root)) {
            return refusal(
                    file.path(),
                    "is a pandas (PyTables) table",
                    "In Python: anndata.AnnData(pandas.read_hdf(path).T).write_h5ad(\"cells.h5ad\")"
                            + " (leave out .T when cells stand in rows)");
        }
        if (root.has("X")) {
            return refusal(
                    file.path(),
                    "holds a matrix X, but no obs and var: neither cells nor genes have names",
                    "In Python: anndata.AnnData(X, obs=..., var=...).write_h5ad(\"cells.h5ad\")");
        }
        String nameless = namelessTenx(root);
        if (nameless != null) {
            return refusal(
                    file.path(),
                    "has a 10x matrix in the group " + nameless + ", but no gene names and no barcodes beside it",
                    "Take the file as CellRanger wrote it: the datasets genes, gene_names and barcodes were removed");
        }
        return refusal(file.path(), "is an HDF5 file of a layout that is not known: it holds " + root.names(), null);
    }

    private static boolean isPyTables(Hdf5Group root) {
        for (String name : root.names()) {
            Hdf5Group group = root.group(name);
            if (group != null && group.attributes().has("pandas_type")) {
                return true;
            }
        }
        return false;
    }

    private static @Nullable String namelessTenx(Hdf5Group root) {
        for (String name : root.names()) {
            Hdf5Group group = root.group(name);
            if (group != null && group.has("indptr") && group.has("indices") && group.has("data")) {
                return name;
            }
        }
        return null;
    }

    private static String zarrRemedy() {
        return "In Python: anndata.read_zarr(path).write_h5ad(\"cells.h5ad\")";
    }

    private static InputException refusal(Path file, String found, @Nullable String remedy) {
        InputException.Builder error = InputException.about(file).found(found).expected(READ);
        return remedy == null ? error.build() : error.remedy(remedy).build();
    }

    private static boolean starts(byte[] head, int... bytes) {
        if (head.length < bytes.length) {
            return false;
        }
        for (int i = 0; i < bytes.length; i++) {
            if ((head[i] & 0xff) != bytes[i]) {
                return false;
            }
        }
        return true;
    }
}
