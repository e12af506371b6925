package org.celllm.data.tenx;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.celllm.data.InputException;
import org.jspecify.annotations.Nullable;

/**
 * The three files of a 10x folder.
 *
 * @param given the path as the user gave it
 * @param matrix {@code matrix.mtx}
 * @param barcodes {@code barcodes.tsv}
 * @param features {@code features.tsv} or {@code genes.tsv}
 */
record TenxFiles(Path given, Path matrix, Path barcodes, Path features) {
    private static final String MATRIX = "matrix.mtx";

    /** Those in a folder, or in the only folder inside it that has a matrix. */
    static TenxFiles in(Path folder) throws IOException {
        List<Path> matrices = matrices(folder);
        if (matrices.isEmpty()) {
            try (Stream<Path> inner = Files.list(folder)) {
                for (Path child : inner.filter(Files::isDirectory).sorted().toList()) {
                    matrices = Stream.concat(matrices.stream(), matrices(child).stream())
                            .toList();
                }
            }
        }
        if (matrices.size() != 1) {
            throw InputException.about(folder)
                    .found(
                            matrices.isEmpty()
                                    ? "is a folder without a matrix.mtx"
                                    : "holds several matrices: " + matrices)
                    .expected("a 10x folder: matrix.mtx, barcodes.tsv and features.tsv or genes.tsv, gzipped or not")
                    .remedy(
                            matrices.isEmpty()
                                    ? "Give the files inside the folder one by one, or the folder that CellRanger"
                                            + " wrote (filtered_feature_bc_matrix)"
                                    : "Give one of them")
                    .build();
        }
        return of(folder, matrices.get(0));
    }

    /** Those that belong to a matrix. */
    static TenxFiles beside(Path matrix) {
        return of(matrix, matrix);
    }

    private static List<Path> matrices(Path folder) throws IOException {
        try (Stream<Path> children = Files.list(folder)) {
            return children.filter(child -> {
                        String name = String.valueOf(child.getFileName());
                        return !name.startsWith(".") && (name.endsWith(MATRIX) || name.endsWith(MATRIX + ".gz"));
                    })
                    .sorted()
                    .toList();
        }
    }

    private static TenxFiles of(Path given, Path matrix) {
        String name = String.valueOf(matrix.getFileName());
        int at = name.indexOf(MATRIX);
        // Files from public archives have a prefix: GSM123_sample1_matrix.mtx.gz.
        String prefix = at < 0 ? "" : name.substring(0, at);
        Path barcodes = find(matrix, prefix, "barcodes.tsv");
        Path features = find(matrix, prefix, "features.tsv");
        Path genes = features == null ? find(matrix, prefix, "genes.tsv") : features;
        if (barcodes == null || genes == null) {
            throw InputException.about(given)
                    .found("beside " + name + " there is no "
                            + (barcodes == null ? prefix + "barcodes.tsv" : prefix + "features.tsv or genes.tsv"))
                    .expected("the three files of a 10x folder, gzipped or not")
                    .remedy("Copy the whole folder that CellRanger wrote")
                    .build();
        }
        return new TenxFiles(given, matrix, barcodes, genes);
    }

    private static @Nullable Path find(Path matrix, String prefix, String name) {
        for (String candidate : List.of(prefix + name, prefix + name + ".gz")) {
            Path path = matrix.resolveSibling(candidate);
            if (Files.isRegularFile(path)) {
                return path;
            }
        }
        return null;
    }

    /** Which CellRanger names its files so. */
    String version() {
        boolean old = String.valueOf(features.getFileName()).contains("genes.tsv");
        return old ? "CellRanger 1 or 2" : "CellRanger 3 or later";
    }
}
