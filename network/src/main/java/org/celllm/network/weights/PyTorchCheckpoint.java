package org.celllm.network.weights;

import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Collections;
import java.util.Enumeration;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Set;
import java.util.zip.CRC32;
import java.util.zip.CheckedInputStream;
import java.util.zip.ZipEntry;
import java.util.zip.ZipException;
import java.util.zip.ZipFile;
import org.bytedeco.pytorch.LongOptional;
import org.bytedeco.pytorch.Tensor;
import org.celllm.data.InputException;
import org.celllm.data.safetensors.TensorSource;
import org.celllm.network.runtime.Native;
import org.celllm.network.runtime.TensorArrays;
import org.jspecify.annotations.Nullable;

/**
 * A checkpoint as {@code torch.save} writes it since PyTorch 1.6: an uncompressed zip with a pickle and the raw numbers
 * of each tensor. Only tensors are read; nothing in the file can run.
 *
 * <p>The state dictionary may be the whole of the file or stand under one of the usual names; prefixes
 * ({@code module.}, {@code encoder.}) are left as they are.
 */
public final class PyTorchCheckpoint implements AutoCloseable {
    private static final String[] USUAL_NAMES = {"model_state_dict", "state_dict", "model", "net"};
    private static final int LARGEST_PICKLE = 64 << 20;

    /** Tied weights are stored once and claimed twice; nobody ties everything four times. */
    private static final long MOST_SHARING = 4;

    private final Path path;
    private final ZipFile zip;
    private final Set<String> verified = new HashSet<>();
    private final boolean checksums;
    private final String prefix;
    private final Map<String, TorchTensor> tensors;

    private PyTorchCheckpoint(Path path, ZipFile zip) throws IOException {
        this.path = path;
        this.zip = zip;
        // PyTorch can be told not to compute them, and then writes 0 for all.
        this.checksums = zip.stream().anyMatch(entry -> entry.getCrc() > 0);
        String pickle = pickle();
        this.prefix = pickle.substring(0, pickle.length() - "data.pkl".length());
        byte[] bytes = bytes(stored(pickle, LARGEST_PICKLE));
        this.tensors = tensors(PickleReader.read(path, bytes, new TorchCalls()));
        long claimed = 0;
        for (Map.Entry<String, TorchTensor> tensor : tensors.entrySet()) {
            check(tensor.getKey(), tensor.getValue());
            claimed = Math.addExact(claimed, tensor.getValue().elements() * bytes(tensor.getValue()));
        }
        if (claimed > MOST_SHARING * Files.size(path)) {
            throw InputException.about(path)
                    .found("claims " + claimed + " bytes of tensors in a file of " + Files.size(path))
                    .expected("tensors that share at most some of their numbers")
                    .build();
        }
    }

    /**
     * Opens a checkpoint and checks every tensor against the bytes that the file has for it.
     *
     * @throws InputException when it is no such file, is damaged, compressed, of the format before 1.6, or asks for
     *     anything but tensors
     */
    public static PyTorchCheckpoint open(Path path) throws IOException {
        checkKind(path);
        ZipFile zip;
        try {
            zip = new ZipFile(path.toFile());
        } catch (ZipException | EOFException | IllegalArgumentException e) {
            throw damaged(path, "zip archive", e);
        }
        try {
            return new PyTorchCheckpoint(path, zip);
        } catch (ZipException | EOFException | IllegalArgumentException e) {
            zip.close();
            throw damaged(path, "zip archive", e);
        } catch (IOException | RuntimeException e) {
            zip.close();
            throw e;
        }
    }

    /** Shape of every tensor of the state dictionary, in its order. */
    public Map<String, long[]> shapes() {
        Map<String, long[]> shapes = new LinkedHashMap<>();
        tensors.forEach((name, tensor) -> shapes.put(name, tensor.shape().clone()));
        return shapes;
    }

    /** Whether the tensor of that name is there and holds floating-point numbers. */
    public boolean isFloating(String name) {
        TorchTensor tensor = tensors.get(name);
        return tensor != null && TensorBytes.stored(tensor.type()).isFloating();
    }

    /**
     * Reads a tensor in its own number format.
     *
     * @return a contiguous tensor of the innermost open scope
     */
    public Tensor read(String name) throws IOException {
        TorchTensor tensor = tensors.get(name);
        if (tensor == null) {
            throw InputException.about(path)
                    .at(name)
                    .found("is not in the checkpoint, which has " + tensors.size() + " others")
                    .build();
        }
        ZipEntry entry = storage(name, tensor);
        verify(entry);
        // Of a storage that tensors share, only the part that this one reaches.
        long first = tensor.elements() == 0 ? 0 : tensor.first();
        long size = Math.max(0, tensor.reach() - first) * bytes(tensor);
        Tensor raw = TensorArrays.empty(tensor.type(), size / bytes(tensor));
        try (InputStream in = zip.getInputStream(entry)) {
            in.skipNBytes(first * bytes(tensor));
            byte[] piece = new byte[1 << 16];
            for (long at = 0; at < size; ) {
                int wanted = (int) Math.min(piece.length, size - at);
                if (in.readNBytes(piece, 0, wanted) != wanted) {
                    throw new EOFException(entry.getName() + " ends before its size");
                }
                ByteBuffer view = TensorBytes.view(raw, at, wanted);
                view.put(piece, 0, wanted);
                at += wanted;
            }
        } catch (ZipException | EOFException e) {
            throw damaged(path, entry.getName(), e);
        }
        return raw.as_strided(tensor.shape(), tensor.strides(), new LongOptional(0))
                .contiguous();
    }

    /**
     * A tensor to be written elsewhere, bit by bit as it is here; it is read when its turn comes.
     *
     * @param target the name to store it under
     */
    public TensorSource source(String name, String target) {
        TorchTensor tensor = tensors.get(name);
        if (tensor == null) {
            throw new IllegalArgumentException(name);
        }
        return new TensorSource(target, TensorBytes.stored(tensor.type()), tensor.shape(), out -> {
            try {
                Native.run(() -> {
                    try {
                        TensorBytes.source(target, read(name)).content().writeTo(out);
                    } catch (IOException e) {
                        throw new UncheckedIOException(e);
                    }
                });
            } catch (UncheckedIOException e) {
                throw e.getCause();
            }
        });
    }

    @Override
    public void close() throws IOException {
        zip.close();
    }

    private static InputException damaged(Path path, String place, Exception cause) {
        return InputException.about(path)
                .at(place)
                .found("is damaged: " + cause.getMessage())
                .remedy("Download or copy it again")
                .build(cause);
    }

    private static void checkKind(Path path) throws IOException {
        if (!Files.isRegularFile(path)) {
            throw InputException.about(path)
                    .found(Files.exists(path) ? "is not a file" : "does not exist")
                    .expected("a PyTorch checkpoint (.pth)")
                    .build();
        }
        ByteBuffer start = ByteBuffer.allocate(4);
        try (FileChannel channel = FileChannel.open(path)) {
            while (start.hasRemaining() && channel.read(start) >= 0) {
                // Reads until four bytes are there or the file ends.
            }
        }
        byte[] head = start.array();
        if (head[0] == 'P' && head[1] == 'K') {
            return;
        }
        boolean pickle = (head[0] & 0xFF) == 0x80;
        throw InputException.about(path)
                .found(pickle ? "is in the PyTorch format before 1.6" : "is not a PyTorch checkpoint")
                .expected("the zip format that torch.save writes since PyTorch 1.6")
                .remedy(
                        pickle
                                ? "Load it with PyTorch and save it again: torch.save(torch.load(file), new_file)"
                                : "Give the .pth file itself")
                .build();
    }

    private String pickle() {
        String found = null;
        for (Enumeration<? extends ZipEntry> entries = zip.entries(); entries.hasMoreElements(); ) {
            String name = entries.nextElement().getName();
            if (name.equals("data.pkl") || name.endsWith("/data.pkl")) {
                if (found != null) {
                    throw InputException.about(path)
                            .found("has two pickles, " + found + " and " + name)
                            .build();
                }
                found = name;
            }
        }
        if (found == null) {
            throw InputException.about(path)
                    .found("is a zip archive without data.pkl")
                    .expected("a checkpoint written by torch.save")
                    .build();
        }
        return found;
    }

    private ZipEntry stored(String name, long largest) throws IOException {
        ZipEntry entry = zip.getEntry(name);
        if (entry == null) {
            throw InputException.about(path).at(name).found("is missing").build();
        }
        if (entry.getMethod() != ZipEntry.STORED || entry.getSize() != entry.getCompressedSize()) {
            throw InputException.about(path)
                    .at(name)
                    .found("is compressed")
                    .expected("stored entries, as torch.save writes them")
                    .remedy("Unpack the archive and zip it again with `zip -0`")
                    .build();
        }
        if (entry.getSize() < 0 || entry.getSize() > Math.min(largest, Files.size(path))) {
            throw InputException.about(path)
                    .at(name)
                    .found("claims " + entry.getSize() + " bytes in a file of " + Files.size(path))
                    .build();
        }
        return entry;
    }

    /** Compares the bytes of an entry, once, with their checksum if the file has any, which for stored entries nothing else does. */
    private void verify(ZipEntry entry) throws IOException {
        if (!checksums || entry.getCrc() < 0 || !verified.add(entry.getName())) {
            return;
        }
        try (CheckedInputStream in = new CheckedInputStream(zip.getInputStream(entry), new CRC32())) {
            in.transferTo(OutputStream.nullOutputStream());
            if (in.getChecksum().getValue() != entry.getCrc()) {
                throw new ZipException("its bytes are not those that its checksum is of");
            }
        } catch (ZipException | EOFException e) {
            throw damaged(path, entry.getName(), e);
        }
    }

    private byte[] bytes(ZipEntry entry) throws IOException {
        verify(entry);
        try (InputStream in = zip.getInputStream(entry)) {
            return in.readAllBytes();
        } catch (ZipException | EOFException e) {
            throw damaged(path, entry.getName(), e);
        }
    }

    private Map<String, TorchTensor> tensors(@Nullable Object root) {
        Object dictionary = root;
        if (root instanceof Map<?, ?> outer) {
            for (String usual : USUAL_NAMES) {
                if (outer.get(usual) instanceof Map<?, ?> inner) {
                    dictionary = inner;
                    break;
                }
            }
        }
        Map<String, TorchTensor> found = new LinkedHashMap<>();
        if (dictionary instanceof Map<?, ?> map) {
            map.forEach((name, value) -> {
                if (name instanceof String text && value instanceof TorchTensor tensor) {
                    found.put(text, tensor);
                }
            });
        }
        if (found.isEmpty()) {
            throw InputException.about(path)
                    .found("has no state dictionary")
                    .expected("tensors by name, at the top or under " + Arrays.toString(USUAL_NAMES))
                    .build();
        }
        return Collections.unmodifiableMap(found);
    }

    private void check(String name, TorchTensor tensor) throws IOException {
        ZipEntry entry = storage(name, tensor);
        long elements = elements(entry, tensor);
        long reach;
        long count;
        try {
            reach = tensor.reach();
            count = tensor.elements();
        } catch (ArithmeticException e) {
            throw tooLarge(name, tensor, elements);
        }
        // Strides of 0 let a tensor claim more numbers than its storage has.
        if (reach > elements || count > Math.max(elements, 1)) {
            throw tooLarge(name, tensor, elements);
        }
    }

    private InputException tooLarge(String name, TorchTensor tensor, long elements) {
        return InputException.about(path)
                .at(name)
                .found("claims " + tensor + " from a storage of " + elements + " numbers")
                .build();
    }

    private ZipEntry storage(String name, TorchTensor tensor) throws IOException {
        if (tensor.storage().contains("/") || tensor.storage().contains("..")) {
            throw InputException.about(path)
                    .at(name)
                    .found("has a storage called " + tensor.storage())
                    .build();
        }
        return stored(prefix + "data/" + tensor.storage(), Long.MAX_VALUE);
    }

    private static long elements(ZipEntry entry, TorchTensor tensor) {
        return entry.getSize() / bytes(tensor);
    }

    private static int bytes(TorchTensor tensor) {
        return switch (tensor.type()) {
            case Double, Long -> 8;
            case Float, Int -> 4;
            case Half, BFloat16 -> 2;
            default -> 1;
        };
    }
}
