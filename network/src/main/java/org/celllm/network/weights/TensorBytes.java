package org.celllm.network.weights;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import org.bytedeco.javacpp.BytePointer;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.global.torch.ScalarType;
import org.celllm.data.InputException;
import org.celllm.data.safetensors.SafetensorsFile;
import org.celllm.data.safetensors.StoredType;
import org.celllm.data.safetensors.TensorEntry;
import org.celllm.data.safetensors.TensorSource;
import org.celllm.network.runtime.TensorArrays;

/** Moves tensors between safetensors files and native memory, without a copy on the Java heap. */
public final class TensorBytes {
    private static final int PIECE = 1 << 22;

    private TensorBytes() {}

    /**
     * A tensor to be written, in its own number format.
     *
     * @param name the name to store it under
     * @param tensor contiguous; must not be freed or changed before it is written
     */
    public static TensorSource source(String name, Tensor tensor) {
        if (!tensor.is_contiguous()) {
            throw new IllegalArgumentException(name + " is not contiguous");
        }
        long bytes = tensor.numel() * tensor.element_size();
        return new TensorSource(name, stored(tensor.scalar_type().intern()), TensorArrays.shape(tensor), out -> {
            for (long from = 0; from < bytes; from += PIECE) {
                out.accept(view(tensor, from, (int) Math.min(PIECE, bytes - from)));
            }
        });
    }

    /**
     * Reads a tensor in its own number format.
     *
     * @return a tensor of the innermost open scope
     * @throws InputException when the format is none that a network has
     */
    public static Tensor read(SafetensorsFile file, TensorEntry entry) throws IOException {
        ScalarType type = loaded(file, entry);
        Tensor tensor = TensorArrays.empty(type, entry.shape());
        long bytes = tensor.numel() * tensor.element_size();
        for (long from = 0; from < bytes; from += PIECE) {
            file.read(entry, from, view(tensor, from, (int) Math.min(PIECE, bytes - from)));
        }
        return tensor;
    }

    /** {@code length} bytes of a tensor from byte {@code from}; valid as long as the tensor is. */
    static ByteBuffer view(Tensor tensor, long from, int length) {
        try (BytePointer pointer = new BytePointer(tensor.data_ptr())) {
            return pointer.capacity(from + length).position(from).asByteBuffer().order(ByteOrder.LITTLE_ENDIAN);
        }
    }

    static StoredType stored(ScalarType type) {
        return switch (type) {
            case Float -> StoredType.F32;
            case Double -> StoredType.F64;
            case Half -> StoredType.F16;
            case BFloat16 -> StoredType.BF16;
            case Long -> StoredType.I64;
            case Int -> StoredType.I32;
            case Char -> StoredType.I8;
            case Byte -> StoredType.U8;
            case Bool -> StoredType.BOOL;
            default -> throw new IllegalArgumentException("no safetensors format for " + type);
        };
    }

    private static ScalarType loaded(SafetensorsFile file, TensorEntry entry) {
        return switch (entry.type()) {
            case F32 -> ScalarType.Float;
            case F64 -> ScalarType.Double;
            case F16 -> ScalarType.Half;
            case BF16 -> ScalarType.BFloat16;
            case I64 -> ScalarType.Long;
            case I32 -> ScalarType.Int;
            case I8 -> ScalarType.Char;
            case U8 -> ScalarType.Byte;
            case BOOL -> ScalarType.Bool;
            default ->
                throw InputException.about(file.path())
                        .at("tensor " + entry.name())
                        .found("holds " + entry.type())
                        .expected("floating numbers, signed integers or booleans")
                        .build();
        };
    }
}
