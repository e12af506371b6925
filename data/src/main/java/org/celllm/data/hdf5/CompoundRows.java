package org.celllm.data.hdf5;

import io.jhdf.object.datatype.CompoundDataType;
import io.jhdf.object.datatype.CompoundDataType.CompoundDataMember;
import io.jhdf.object.datatype.StringData;
import java.nio.ByteBuffer;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** The rows of a one-dimensional compound dataset, read field by field. */
public final class CompoundRows {
    private final Hdf5Dataset dataset;
    private final ByteBuffer raw;
    private final int rows;
    private final Map<String, CompoundDataMember> fields;

    private CompoundRows(Hdf5Dataset dataset, ByteBuffer raw, Map<String, CompoundDataMember> fields) {
        this.dataset = dataset;
        this.raw = raw;
        this.rows = (int) dataset.length();
        this.fields = fields;
    }

    /**
     * Reads all rows.
     *
     * @throws org.celllm.data.InputException when the dataset is no compound or has more than one dimension
     */
    public static CompoundRows of(Hdf5Dataset dataset) {
        if (!(dataset.library().getDataType() instanceof CompoundDataType compound)
                || compound.getMembers().isEmpty()) {
            throw dataset.error()
                    .found("holds " + dataset.type().word() + " values")
                    .expected("a table: a group of columns, or rows of named fields")
                    .remedy("Write the file again with anndata: adata.write_h5ad(path)")
                    .build();
        }
        dataset.length();
        Map<String, CompoundDataMember> fields = new LinkedHashMap<>();
        for (CompoundDataMember member : compound.getMembers()) {
            long end = (long) member.getOffset() + member.getDataType().getSize();
            if (member.getOffset() >= 0 && end <= dataset.type().bytes()) {
                fields.put(member.getName(), member);
            }
        }
        return new CompoundRows(dataset, Hdf5Values.whole(dataset, !fields.isEmpty(), "a table"), fields);
    }

    /** Names of the fields in order. */
    public List<String> fields() {
        return List.copyOf(fields.keySet());
    }

    /** The type of a field. */
    public ElementType type(String field) {
        return ElementType.of(member(field).getDataType());
    }

    /** A field of numbers. */
    public double[] doubles(String field) {
        ElementType type = type(field);
        ByteBuffer ordered = raw.duplicate().order(type.order());
        double[] values = new double[rows];
        for (int row = 0; row < rows; row++) {
            values[row] = type.number(ordered, place(row, field));
        }
        return values;
    }

    /** A field of strings. */
    public @Nullable String[] strings(String field) {
        ElementType type = type(field);
        @Nullable String[] values = new String[rows];
        if (type.kind() == ElementType.Kind.FIXED_STRING) {
            boolean spaces = member(field).getDataType() instanceof StringData text
                    && text.getPaddingType() == StringData.PaddingType.SPACE_PADDED;
            for (int row = 0; row < rows; row++) {
                values[row] = Hdf5Values.fixed(raw, place(row, field), type.bytes(), spaces);
            }
            return values;
        }
        Object data = Hdf5Boundary.guard(
                dataset.file().path(), dataset.place(), () -> dataset.library().getDataFlat());
        Object column = data instanceof Map<?, ?> columns ? columns.get(field) : null;
        for (int row = 0; row < rows; row++) {
            values[row] = column instanceof Object[] texts && row < texts.length && texts[row] != null
                    ? texts[row].toString()
                    : "";
        }
        return values;
    }

    private int place(int row, String field) {
        return raw.position() + row * dataset.type().bytes() + member(field).getOffset();
    }

    private CompoundDataMember member(String field) {
        CompoundDataMember member = fields.get(field);
        if (member == null) {
            throw new IllegalArgumentException("no field " + field);
        }
        return member;
    }
}
