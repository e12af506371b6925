package org.celllm.training.checkpoint;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import org.bytedeco.javacpp.BytePointer;
import org.bytedeco.javacpp.PointerScope;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.global.torch.ScalarType;
import org.celllm.data.InputException;
import org.celllm.data.safetensors.SafetensorsFile;
import org.celllm.data.safetensors.SafetensorsWriter;
import org.celllm.data.safetensors.StoredType;
import org.celllm.data.safetensors.TensorEntry;
import org.celllm.data.safetensors.TensorSource;
import org.celllm.network.runtime.TensorArrays;

/** Moves the exact bits of tensors to a safetensors file and back. */
final class TensorStore {
    private static final int PIECE = 1 << 22;

    private TensorStore() {}

    static SafetensorsWriter.Written write(Path target, Map<String, Tensor> tensors) throws IOException {
        List<TensorSource> sources = new ArrayList<>();
        for (Map.Entry<String, Tensor> entry : tensors.entrySet()) {
            Tensor tensor = entry.getValue();
            sources.add(new TensorSource(
                    entry.getKey(), type(tensor), TensorArrays.shape(tensor), out -> write(tensor, out)));
        }
        return SafetensorsWriter.write(target, Map.of(), sources);
    }

    /**
     * Copies every tensor of {@code into} from the file.
     *
     * @throws InputException when one is missing or of another shape or type
     */
    static void read(Path source, Map<String, Tensor> into) throws IOException {
        try (SafetensorsFile file = SafetensorsFile.open(source)) {
            for (Map.Entry<String, Tensor> entry : into.entrySet()) {
                Tensor tensor = entry.getValue();
                TensorEntry stored = file.tensor(entry.getKey(), type(tensor));
                if (!Arrays.equals(stored.shape(), TensorArrays.shape(tensor))) {
                    throw InputException.about(source)
                            .at(entry.getKey())
                            .found("a tensor of shape " + Arrays.toString(stored.shape()))
                            .expected(Arrays.toString(TensorArrays.shape(tensor)))
                            .build();
                }
                read(file, stored, tensor);
            }
        }
    }

    private static void write(Tensor tensor, TensorSource.Sink out) throws IOException {
        try (PointerScope scope = new PointerScope()) {
            Tensor whole = tensor.detach().contiguous();
            BytePointer bytes = new BytePointer(whole.data_ptr());
            long size = whole.nbytes();
            ByteBuffer buffer = ByteBuffer.allocate(PIECE).order(ByteOrder.LITTLE_ENDIAN);
            for (long at = 0; at < size; at += PIECE) {
                int count = (int) Math.min(PIECE, size - at);
                bytes.position(at).get(buffer.array(), 0, count);
                out.accept(buffer.clear().limit(count));
            }
        }
    }

    private static void read(SafetensorsFile file, TensorEntry stored, Tensor tensor) throws IOException {
        if (!tensor.is_contiguous()) {
            throw new IllegalStateException("tensor " + stored.name() + " is not contiguous");
        }
        try (PointerScope scope = new PointerScope()) {
            BytePointer bytes = new BytePointer(tensor.data_ptr());
            long size = tensor.nbytes();
            ByteBuffer buffer = ByteBuffer.allocate(PIECE).order(ByteOrder.LITTLE_ENDIAN);
            for (long at = 0; at < size; at += PIECE) {
                int count = (int) Math.min(PIECE, size - at);
                file.read(stored, at, buffer.clear().limit(count));
                bytes.position(at).put(buffer.array(), 0, count);
            }
        }
    }

    private static StoredType type(Tensor tensor) {
        ScalarType type = tensor.scalar_type().intern();
        return switch (type) {
            case Float -> StoredType.F32;
            case Double -> StoredType.F64;
            case Long -> StoredType.I64;
            default -> throw new IllegalArgumentException("no checkpoint holds tensors of " + type);
        };
    }
}
