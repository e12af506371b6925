package org.celllm.data.hdf5;

import io.jhdf.api.Attribute;
import io.jhdf.api.Node;
import java.lang.reflect.Array;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** The attributes of a group or a dataset. */
public final class Hdf5Attributes {
    private static final long LARGEST = 64L << 20;

    private final Hdf5File file;
    private final Node node;
    private final String place;

    Hdf5Attributes(Hdf5File file, Node node, String place) {
        this.file = file;
        this.node = node;
        this.place = place;
    }

    /** Whether there is one of that name. */
    public boolean has(String name) {
        return find(name) != null;
    }

    /** A single string, or {@code null} where there is none; the first of several. */
    public @Nullable String string(String name) {
        List<String> all = strings(name);
        return all.isEmpty() ? null : all.get(0);
    }

    /** The strings of an attribute; empty where there is none. */
    public List<String> strings(String name) {
        List<String> texts = new ArrayList<>();
        for (Object value : values(name)) {
            texts.add(String.valueOf(value));
        }
        return texts;
    }

    /** The whole numbers of an attribute; empty where there is none or they are not numbers. */
    public long[] longs(String name) {
        List<Object> values = values(name);
        long[] numbers = new long[values.size()];
        for (int i = 0; i < numbers.length; i++) {
            if (!(values.get(i) instanceof Number number)) {
                return new long[0];
            }
            numbers[i] = number.longValue();
        }
        return numbers;
    }

    private @Nullable Attribute find(String name) {
        return Hdf5Boundary.guard(file.path(), place, () -> node.getAttributes().get(name));
    }

    private List<Object> values(String name) {
        Attribute attribute = find(name);
        List<Object> flat = new ArrayList<>();
        if (attribute == null) {
            return flat;
        }
        Object data = Hdf5Boundary.guard(file.path(), place + " attribute " + name, () -> {
            if (attribute.isEmpty() || attribute.getSizeInBytes() > Math.min(LARGEST, file.size())) {
                return List.of();
            }
            return attribute.getData();
        });
        flatten(data, flat);
        return flat;
    }

    private static void flatten(@Nullable Object data, List<Object> into) {
        if (data == null || data instanceof List) {
            return;
        }
        if (data.getClass().isArray()) {
            int length = Array.getLength(data);
            for (int i = 0; i < length; i++) {
                flatten(Array.get(data, i), into);
            }
        } else {
            into.add(data);
        }
    }
}
