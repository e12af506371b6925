package org.celllm.data.safetensors;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.security.MessageDigest;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import org.celllm.data.files.SafeFiles;
import org.celllm.data.files.Sha256;

/**
 * Writes safetensors files, tensor by tensor, so that a model or shard need not be held twice. Written through
 * {@link SafeFiles}: the file is whole or not there.
 */
public final class SafetensorsWriter {
    private static final int PIECE = 1 << 18;

    private SafetensorsWriter() {}

    /**
     * What was written.
     *
     * @param bytes size of the file
     * @param sha256 its SHA-256 in hexadecimal
     */
    public record Written(long bytes, String sha256) {}

    /**
     * Writes a file. Tensors are stored with the widest number formats first and otherwise in the given order, which
     * aligns every one of them.
     *
     * @param target the file, replaced when it exists
     * @param metadata free text for the header
     * @param tensors what to write; names are distinct
     * @throws IllegalStateException when a tensor's content does not have the bytes that its shape says
     */
    public static Written write(Path target, Map<String, String> metadata, List<TensorSource> tensors)
            throws IOException {
        List<TensorSource> ordered = new ArrayList<>(tensors);
        ordered.sort(Comparator.comparingInt((TensorSource t) -> -t.type().bytes()));
        byte[] header = header(metadata, ordered);
        MessageDigest digest = Sha256.digest();
        long[] size = {0};
        SafeFiles.write(target, temporary -> {
            try (FileChannel channel =
                    FileChannel.open(temporary, StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE)) {
                put(channel, digest, ByteBuffer.wrap(header));
                for (TensorSource tensor : ordered) {
                    long before = channel.position();
                    tensor.content().writeTo(piece -> put(channel, digest, piece));
                    long written = channel.position() - before;
                    if (written != tensor.bytes()) {
                        throw new IllegalStateException(
                                "tensor " + tensor.name() + " gave " + written + " bytes, not " + tensor.bytes());
                    }
                }
                size[0] = channel.position();
            }
        });
        return new Written(size[0], Sha256.text(digest));
    }

    private static byte[] header(Map<String, String> metadata, List<TensorSource> tensors) throws IOException {
        ObjectMapper json = new ObjectMapper();
        ObjectNode root = json.createObjectNode();
        if (!metadata.isEmpty()) {
            ObjectNode texts = root.putObject("__metadata__");
            new TreeMap<>(metadata).forEach(texts::put);
        }
        Set<String> names = new HashSet<>();
        long at = 0;
        for (TensorSource tensor : tensors) {
            if (!names.add(tensor.name())) {
                throw new IllegalArgumentException("two tensors are called " + tensor.name());
            }
            ObjectNode entry = root.putObject(tensor.name());
            entry.put("dtype", tensor.type().name());
            var shape = entry.putArray("shape");
            for (long length : tensor.shape()) {
                shape.add(length);
            }
            entry.putArray("data_offsets").add(at).add(at += tensor.bytes());
        }
        byte[] text = json.writeValueAsBytes(root);
        int padded = (text.length + 7) / 8 * 8;
        ByteBuffer header = ByteBuffer.allocate(8 + padded).order(ByteOrder.LITTLE_ENDIAN);
        header.putLong(padded).put(text);
        while (header.hasRemaining()) {
            header.put((byte) ' ');
        }
        return header.array();
    }

    /** In small pieces: the JDK keeps a direct copy as large as the largest piece for every thread. */
    private static void put(FileChannel channel, MessageDigest digest, ByteBuffer piece) throws IOException {
        digest.update(piece.duplicate());
        while (piece.hasRemaining()) {
            ByteBuffer part = piece.slice(piece.position(), Math.min(PIECE, piece.remaining()));
            SafeFiles.put(channel, part);
            piece.position(piece.position() + part.capacity());
        }
    }
}
