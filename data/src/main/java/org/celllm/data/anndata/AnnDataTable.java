package org.celllm.data.anndata;

import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.celllm.data.InputException;
import org.celllm.data.hdf5.Hdf5Dataset;
import org.celllm.data.hdf5.Hdf5Group;
import org.celllm.data.hdf5.Hdf5Values;
import org.celllm.data.matrix.AnnotationTable;
import org.celllm.data.matrix.Column;
import org.jspecify.annotations.Nullable;

/** Reads {@code obs}, {@code var} and {@code raw/var}. */
final class AnnDataTable {
    private AnnDataTable() {}

    /**
     * The table of that name.
     *
     * @param parent the group it stands in
     * @param name {@code "obs"}, {@code "var"}, {@code "raw.var"}
     * @throws InputException when there is none or it cannot be read
     */
    static AnnotationTable read(Hdf5Group parent, String name) {
        Hdf5Group group = parent.group(name);
        return group != null
                ? ofGroup(group)
                : CompoundTable.read(
                        compound(parent, name), parent.file().root().group("uns"));
    }

    /**
     * How many rows the table has, without reading them.
     *
     * @throws InputException when there is no table
     */
    static long rows(Hdf5Group parent, String name) {
        Hdf5Group group = parent.group(name);
        if (group == null) {
            return compound(parent, name).length();
        }
        Hdf5Dataset names = namesInPieces(group);
        return names != null ? names.length() : ofGroup(group).size();
    }

    /**
     * Names of some rows.
     *
     * @param from the first
     * @param count how many
     */
    static List<String> names(Hdf5Group parent, String name, int from, int count) {
        Hdf5Group group = parent.group(name);
        Hdf5Dataset names = group == null ? null : namesInPieces(group);
        if (names == null) {
            return read(parent, name).names().subList(from, from + count);
        }
        return AnnDataColumn.texts(new Column.Text(Hdf5Values.strings(names, from, count)));
    }

    /** Fails where {@link #read} would, and holds a column at a time at most; of the usual kinds, some rows. */
    static void check(Hdf5Group parent, String name) {
        Hdf5Group group = parent.group(name);
        Hdf5Dataset names = group == null ? null : namesInPieces(group);
        if (group == null || names == null) {
            read(parent, name);
            return;
        }
        AnnDataColumn.check(group, index(group), names.length());
        for (String column : columns(group)) {
            if (group.has(column)) {
                AnnDataColumn.check(group, column, names.length());
            }
        }
    }

    /** The index of a table, where it is texts that can be read some at a time. */
    private static @Nullable Hdf5Dataset namesInPieces(Hdf5Group group) {
        String index = index(group);
        Hdf5Dataset names = group.group(index) == null ? group.dataset(index) : null;
        return names != null && Hdf5Values.inPieces(names) ? names : null;
    }

    private static Set<String> columns(Hdf5Group group) {
        Set<String> order = new LinkedHashSet<>(group.attributes().strings("column-order"));
        order.addAll(group.names());
        order.remove(index(group));
        order.remove("__categories");
        return order;
    }

    private static Hdf5Dataset compound(Hdf5Group parent, String name) {
        Hdf5Dataset dataset = parent.dataset(name);
        if (dataset == null) {
            throw InputException.about(parent.file().path())
                    .at(parent.placeOf(name))
                    .found("there is no table \"" + name + "\"")
                    .expected(name.contains("var") ? "the genes and their names" : "the cells and their names")
                    .remedy("Write the file with anndata: adata.write_h5ad(path)")
                    .build();
        }
        return dataset;
    }

    private static AnnotationTable ofGroup(Hdf5Group group) {
        String index = index(group);
        Column names = AnnDataColumn.read(group, index, -1);
        if (names == null) {
            throw InputException.about(group.file().path())
                    .at(group.placeOf(index))
                    .found("the names are stored in a way that is not read")
                    .expected("strings")
                    .remedy("Write the file again with anndata: adata.write_h5ad(path)")
                    .build();
        }
        Map<String, Column> columns = new LinkedHashMap<>();
        for (String column : columns(group)) {
            if (group.has(column)) {
                @Nullable Column read = AnnDataColumn.read(group, column, names.size());
                if (read != null) {
                    columns.put(column, read);
                }
            }
        }
        return new AnnotationTable(AnnDataColumn.texts(names), columns);
    }

    private static String index(Hdf5Group group) {
        String stated = group.attributes().string("_index");
        for (String candidate : stated == null ? List.of("_index", "index") : List.of(stated, "_index", "index")) {
            if (group.has(candidate)) {
                return candidate;
            }
        }
        throw InputException.about(group.file().path())
                .at(group.place())
                .found("the table has no index, so nothing has a name")
                .expected("a dataset \"_index\" or the one that the attribute _index names")
                .remedy("Write the file again with anndata: adata.write_h5ad(path)")
                .build();
    }
}
