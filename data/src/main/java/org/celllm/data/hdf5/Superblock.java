package org.celllm.data.hdf5;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.SeekableByteChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import org.celllm.data.InputException;

/** The first bytes of an HDF5 file, which say how long the file has to be: a cut file is known before it is read. */
final class Superblock {
    private static final long SIGNATURE = 0x894844460d0a1a0aL;
    private static final int LONGEST = 64;

    private Superblock() {}

    /** Whether the bytes start as an HDF5 file does. */
    static boolean signed(ByteBuffer head) {
        return head.remaining() >= 8 && head.order(ByteOrder.BIG_ENDIAN).getLong(head.position()) == SIGNATURE;
    }

    /**
     * Compares the length the file claims with the length it has.
     *
     * @throws InputException when it is shorter
     */
    static void requireWhole(Path file) throws IOException {
        ByteBuffer head = ByteBuffer.allocate(LONGEST);
        long size = Files.size(file);
        try (SeekableByteChannel channel = Files.newByteChannel(file)) {
            while (head.hasRemaining() && channel.read(head) >= 0) {
                // Until the head is full or the file ends.
            }
        }
        head.flip();
        if (!signed(head)) {
            return;
        }
        long end = claimedEnd(head.order(ByteOrder.LITTLE_ENDIAN));
        if (end > size || end == 0) {
            throw InputException.about(file)
                    .found("the file ends at byte " + size + (end == 0 ? " and has no content" : " of " + end))
                    .expected("a whole HDF5 file")
                    .remedy("It was cut while being written or copied: copy or download it again")
                    .build();
        }
    }

    /** The length the file claims; 1 when this version does not say it plainly, 0 when the head itself is cut. */
    private static long claimedEnd(ByteBuffer head) {
        if (head.limit() <= 13) {
            return 0;
        }
        int version = head.get(8);
        int widthOfOffsets = version <= 1 ? head.get(13) : head.get(9);
        // Offsets are 8 bytes wide in every file of this field; others are left to the library.
        if (widthOfOffsets != 8 || version > 3) {
            return 1;
        }
        int place = version == 0 ? 40 : version == 1 ? 44 : 28;
        return place + 8 > head.limit() ? 0 : head.getLong(place);
    }
}
