package org.celllm.data.table;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;

/** Cuts a line into fields; a field may stand in double quotes, and a doubled quote inside them is one. */
final class Fields {
    private final byte separator;
    private int[] starts = new int[64];
    private int[] ends = new int[64];
    private int count;
    private byte[] line = new byte[0];

    Fields(byte separator) {
        this.separator = separator;
    }

    /** Cuts the first {@code length} bytes. */
    void cut(byte[] bytes, int length) {
        line = bytes;
        count = 0;
        int at = 0;
        while (true) {
            int start = at;
            boolean quoted = at < length && bytes[at] == '"';
            if (quoted) {
                at++;
                while (at < length && !(bytes[at] == '"' && (at + 1 >= length || bytes[at + 1] != '"'))) {
                    at += bytes[at] == '"' ? 2 : 1;
                }
            }
            while (at < length && bytes[at] != separator) {
                at++;
            }
            add(start, Math.min(at, length));
            if (at >= length) {
                return;
            }
            at++;
        }
    }

    private void add(int start, int end) {
        if (count == starts.length) {
            starts = Arrays.copyOf(starts, 2 * count);
            ends = Arrays.copyOf(ends, 2 * count);
        }
        boolean quoted = end - start >= 2 && line[start] == '"' && line[end - 1] == '"';
        starts[count] = quoted ? start + 1 : start;
        ends[count++] = quoted ? end - 1 : end;
    }

    /** How many fields. */
    int count() {
        return count;
    }

    /** The number in a field, as {@link TextNumbers#parse} gives it. */
    double number(int field) {
        return TextNumbers.parse(line, starts[field], ends[field]);
    }

    /** A field as text. */
    String text(int field) {
        String text = new String(line, starts[field], ends[field] - starts[field], StandardCharsets.UTF_8);
        return text.indexOf('"') < 0 ? text.strip() : text.replace("\"\"", "\"").strip();
    }
}
