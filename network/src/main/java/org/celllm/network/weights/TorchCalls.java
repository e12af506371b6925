package org.celllm.network.weights;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.bytedeco.pytorch.global.torch.ScalarType;
import org.jspecify.annotations.Nullable;

/**
 * The names that a checkpoint's pickle may use: the two functions that describe a tensor, ordered dictionaries, and the
 * kinds of storage.
 */
final class TorchCalls implements PickleReader.Calls {
    private static final PickleReader.Name DICTIONARY = new PickleReader.Name("collections", "OrderedDict");
    private static final PickleReader.Name TENSOR = new PickleReader.Name("torch._utils", "_rebuild_tensor_v2");
    private static final PickleReader.Name PARAMETER = new PickleReader.Name("torch._utils", "_rebuild_parameter");
    private static final Map<PickleReader.Name, ScalarType> STORAGES = Map.of(
            storage("FloatStorage"), ScalarType.Float,
            storage("DoubleStorage"), ScalarType.Double,
            storage("HalfStorage"), ScalarType.Half,
            storage("BFloat16Storage"), ScalarType.BFloat16,
            storage("LongStorage"), ScalarType.Long,
            storage("IntStorage"), ScalarType.Int,
            storage("CharStorage"), ScalarType.Char,
            storage("ByteStorage"), ScalarType.Byte,
            storage("BoolStorage"), ScalarType.Bool);

    private record Storage(String key, ScalarType type) {}

    @Override
    public boolean allows(PickleReader.Name name) {
        return name.equals(DICTIONARY) || name.equals(TENSOR) || name.equals(PARAMETER) || STORAGES.containsKey(name);
    }

    @Override
    public Object persistent(@Nullable Object id) {
        if (id instanceof List<?> parts
                && parts.size() >= 3
                && "storage".equals(parts.get(0))
                && parts.get(1) instanceof PickleReader.Name name
                && parts.get(2) instanceof String key) {
            ScalarType type = STORAGES.get(name);
            if (type != null) {
                return new Storage(key, type);
            }
        }
        throw new IllegalArgumentException("points at something that is no storage of numbers");
    }

    @Override
    public Object call(PickleReader.Name name, List<@Nullable Object> arguments) {
        if (name.equals(DICTIONARY)) {
            return dictionary(arguments);
        }
        if (name.equals(PARAMETER) && !arguments.isEmpty() && arguments.get(0) instanceof TorchTensor tensor) {
            return tensor;
        }
        if (name.equals(TENSOR)
                && arguments.size() >= 4
                && arguments.get(0) instanceof Storage storage
                && arguments.get(1) instanceof Long first) {
            return new TorchTensor(
                    storage.key(), storage.type(), first, longs(arguments.get(2)), longs(arguments.get(3)));
        }
        throw new IllegalArgumentException("calls " + name + " with arguments that do not describe a tensor");
    }

    private static Object dictionary(List<@Nullable Object> arguments) {
        Map<Object, @Nullable Object> map = new LinkedHashMap<>();
        if (arguments.isEmpty()) {
            return map;
        }
        // Python 2 wrote the content as the argument: a list of pairs.
        if (arguments.get(0) instanceof List<?> pairs) {
            for (Object pair : pairs) {
                if (!(pair instanceof List<?> both) || both.size() != 2 || !(both.get(0) instanceof String key)) {
                    throw new IllegalArgumentException("has a dictionary of what are not pairs");
                }
                map.put(key, both.get(1));
            }
            return map;
        }
        throw new IllegalArgumentException("has a dictionary of what is not a list");
    }

    private static long[] longs(@Nullable Object value) {
        if (!(value instanceof List<?> list) || list.size() > 8) {
            throw new IllegalArgumentException("has a shape that is no short list");
        }
        long[] longs = new long[list.size()];
        for (int i = 0; i < longs.length; i++) {
            if (!(list.get(i) instanceof Long number)) {
                throw new IllegalArgumentException("has a shape that is not of integers");
            }
            longs[i] = number;
        }
        return longs;
    }

    private static PickleReader.Name storage(String name) {
        return new PickleReader.Name("torch", name);
    }
}
