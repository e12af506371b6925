package org.celllm.data.hdf5;

import io.jhdf.exceptions.HdfFilterException;
import io.jhdf.filter.Filter;
import io.jhdf.filter.FilterManager;
import io.jhdf.filter.LzfFilter;
import java.util.Arrays;

/**
 * LZF where the file does not say how long a chunk is decoded: h5py leaves that out for strings of variable length, and
 * the library's own filter then fails. The format is that of liblzf: runs of literals, and references back of at most
 * 264 bytes.
 */
final class LzfTexts implements Filter {
    /** Where the filter's data holds the decoded length. */
    private static final int LENGTH_AT = 2;

    /** Three bytes give 264 at most. */
    private static final int MOST_GROWTH = 90;

    private final LzfFilter usual = new LzfFilter();

    /** Puts itself in the place of the library's filter, for which it stands in wherever that works. */
    static void register() {
        FilterManager.addFilter(new LzfTexts());
    }

    @Override
    public int getId() {
        return usual.getId();
    }

    @Override
    public String getName() {
        return usual.getName();
    }

    @Override
    public byte[] decode(byte[] encoded, int[] data) {
        return data.length > LENGTH_AT ? usual.decode(encoded, data) : decode(encoded);
    }

    /**
     * Decodes a chunk.
     *
     * @throws HdfFilterException when it is damaged
     */
    static byte[] decode(byte[] encoded) {
        byte[] decoded = new byte[Math.max(64, encoded.length * 2)];
        int n = 0;
        int at = 0;
        try {
            while (at < encoded.length) {
                int control = Byte.toUnsignedInt(encoded[at++]);
                boolean literal = control < 32;
                int length = literal ? control + 1 : control >> 5;
                if (length == 7 && !literal) {
                    length += Byte.toUnsignedInt(encoded[at++]);
                }
                length += literal ? 0 : 2;
                if (n + length > decoded.length) {
                    int longer = (int) Math.min((long) encoded.length * MOST_GROWTH + 64, 2L * (n + length));
                    decoded = Arrays.copyOf(decoded, longer);
                }
                if (literal) {
                    System.arraycopy(encoded, at, decoded, n, length);
                    at += length;
                    n += length;
                } else {
                    int from = n - ((control & 31) << 8 | Byte.toUnsignedInt(encoded[at++])) - 1;
                    // Byte by byte: what is copied may begin to repeat within itself.
                    for (int i = 0; i < length; i++) {
                        decoded[n++] = decoded[from++];
                    }
                }
            }
        } catch (IndexOutOfBoundsException e) {
            throw new HdfFilterException("an LZF chunk is damaged", e);
        }
        return Arrays.copyOf(decoded, n);
    }
}
