package org.celllm.network.weights;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.celllm.data.InputException;
import org.jspecify.annotations.Nullable;

/**
 * Reads the pickles inside PyTorch checkpoints, and no others: plain values, lists, tuples, dictionaries, and calls of
 * the functions that {@link Calls} allows, by name. No class is looked up and nothing runs; an opcode or a name beyond
 * these is refused. What is read is at most a small multiple of the pickle's own bytes.
 *
 * <p>Numbers arrive as {@code Long} or {@code Double}, text as {@code String}, tuples and lists as {@code List},
 * dictionaries as {@code Map}, {@code None} as {@code null}.
 */
final class PickleReader {
    /** A function or class by name, not yet called. */
    record Name(String module, String name) {
        @Override
        public String toString() {
            return module + "." + name;
        }
    }

    /** What the pickle may call and point at. */
    interface Calls {
        /** Whether the pickle may name it at all. */
        boolean allows(Name name);

        /**
         * The result of a call.
         *
         * @throws IllegalArgumentException when the arguments do not fit
         */
        @Nullable
        Object call(Name name, List<@Nullable Object> arguments);

        /**
         * What a persistent id stands for.
         *
         * @throws IllegalArgumentException when it is not understood
         */
        Object persistent(@Nullable Object id);
    }

    private static final Object MARK = new Object();
    private static final int DEEPEST = 1_000_000;
    private static final int MOST_ARGUMENTS = 16;

    private final Path file;
    private final ByteBuffer bytes;
    private final Calls calls;
    private final List<@Nullable Object> stack = new ArrayList<>();
    private final Map<Integer, @Nullable Object> memo = new HashMap<>();

    private PickleReader(Path file, byte[] pickle, Calls calls) {
        this.file = file;
        this.bytes = ByteBuffer.wrap(pickle).order(ByteOrder.LITTLE_ENDIAN);
        this.calls = calls;
    }

    /**
     * Reads one pickle.
     *
     * @throws InputException when it is damaged or asks for anything that is not allowed
     */
    static @Nullable Object read(Path file, byte[] pickle, Calls calls) {
        PickleReader reader = new PickleReader(file, pickle, calls);
        try {
            return reader.run();
        } catch (java.nio.BufferUnderflowException e) {
            throw reader.damaged("ends in the middle of a value", e);
        } catch (IndexOutOfBoundsException e) {
            throw reader.damaged("takes more from its stack than it put there", e);
        } catch (IllegalArgumentException | ClassCastException e) {
            throw reader.damaged(String.valueOf(e.getMessage()), e);
        }
    }

    private @Nullable Object run() {
        while (true) {
            int opcode = bytes.get() & 0xFF;
            if (opcode == '.') {
                Object result = pop();
                if (result == MARK) {
                    throw new IllegalArgumentException("ends with an open tuple");
                }
                return result;
            }
            step(opcode);
            if (stack.size() > DEEPEST) {
                throw new IllegalArgumentException("is nested too deeply");
            }
        }
    }

    private void step(int opcode) {
        switch (opcode) {
            case 0x80 -> protocol(bytes.get() & 0xFF);
            case 0x95 -> bytes.getLong();
            case '(' -> stack.add(MARK);
            case 'N' -> stack.add(null);
            case 0x88 -> stack.add(true);
            case 0x89 -> stack.add(false);
            case 'K' -> stack.add((long) (bytes.get() & 0xFF));
            case 'M' -> stack.add((long) (bytes.getShort() & 0xFFFF));
            case 'J' -> stack.add((long) bytes.getInt());
            case 0x8A -> stack.add(longInteger(bytes.get() & 0xFF));
            case 'G' -> stack.add(bytes.order(ByteOrder.BIG_ENDIAN).getDouble());
            case 'X' -> stack.add(text(bytes.getInt() & 0xFFFFFFFFL));
            case 0x8C -> stack.add(text(bytes.get() & 0xFFL));
            case '}', ']', ')' -> stack.add(opcode == '}' ? new LinkedHashMap<>() : new ArrayList<>());
            case 't' -> stack.add(popToMark());
            case 0x85 -> stack.add(popTuple(1));
            case 0x86 -> stack.add(popTuple(2));
            case 0x87 -> stack.add(popTuple(3));
            case 'q' -> memo.put(bytes.get() & 0xFF, top());
            case 'r' -> memo.put(bytes.getInt(), top());
            case 0x94 -> memo.put(memo.size(), top());
            case 'h' -> stack.add(remembered(bytes.get() & 0xFF));
            case 'j' -> stack.add(remembered(bytes.getInt()));
            case 's' -> setItems(List.of(popTuple(2)));
            case 'u' -> setItems(pairs(popToMark()));
            case 'a' -> append(popTuple(1));
            case 'e' -> append(popToMark());
            case 'c' -> stack.add(name(line(), line()));
            case 0x93 -> {
                List<@Nullable Object> both = popTuple(2);
                stack.add(name((String) required(both.get(0)), (String) required(both.get(1))));
            }
            case 'Q' -> stack.add(calls.persistent(pop()));
            case 'R' -> call();
            // State of an OrderedDict (a module's version numbers): read, and of no use.
            case 'b' -> popTuple(1);
            case '0' -> popTuple(1);
            default -> throw refused("opcode 0x" + Integer.toHexString(opcode));
        }
        bytes.order(ByteOrder.LITTLE_ENDIAN);
    }

    private void protocol(int version) {
        if (version > 5) {
            throw new IllegalArgumentException("is of pickle protocol " + version + ", which nobody writes yet");
        }
    }

    private Name name(String module, String name) {
        Name asked = new Name(module, name);
        if (!calls.allows(asked)) {
            throw refused(asked.toString());
        }
        return asked;
    }

    private void call() {
        List<@Nullable Object> both = popTuple(2);
        if (!(both.get(0) instanceof Name name) || !(both.get(1) instanceof List<?> arguments)) {
            throw new IllegalArgumentException("calls what is not a function");
        }
        // A long list, called often, would otherwise be copied as often.
        if (arguments.size() > MOST_ARGUMENTS) {
            throw new IllegalArgumentException("calls " + name + " with " + arguments.size() + " arguments");
        }
        stack.add(calls.call(name, new ArrayList<>(arguments)));
    }

    private InputException refused(String what) {
        return InputException.about(file)
                .at("byte " + (bytes.position() - 1) + " of its pickle")
                .found("asks for " + what)
                .expected("tensors, numbers, text, lists and dictionaries only")
                .remedy("Nothing of it was run. Save the state dictionary alone: torch.save({\"model_state_dict\": "
                        + "model.state_dict()}, file)")
                .build();
    }

    private InputException damaged(String what, Exception cause) {
        return InputException.about(file)
                .at("byte " + bytes.position() + " of its pickle")
                .found(what)
                .build(cause);
    }

    private long longInteger(int length) {
        if (length > 8) {
            throw new IllegalArgumentException("holds an integer of " + length + " bytes");
        }
        long value = 0;
        for (int i = 0; i < length; i++) {
            long next = bytes.get();
            value |= (i == length - 1 ? next : next & 0xFF) << (8 * i);
        }
        return value;
    }

    private String text(long length) {
        if (length > bytes.remaining()) {
            throw new IllegalArgumentException("holds a text of " + length + " bytes, but ends before");
        }
        byte[] text = new byte[(int) length];
        bytes.get(text);
        return new String(text, StandardCharsets.UTF_8);
    }

    private String line() {
        int start = bytes.position();
        while (bytes.get() != '\n') {
            // Names end with the line.
        }
        return new String(bytes.array(), start, bytes.position() - 1 - start, StandardCharsets.UTF_8);
    }

    private @Nullable Object remembered(int place) {
        if (!memo.containsKey(place)) {
            throw new IllegalArgumentException("recalls value " + place + ", which it never kept");
        }
        return memo.get(place);
    }

    private @Nullable Object top() {
        return stack.get(stack.size() - 1);
    }

    private @Nullable Object pop() {
        return stack.remove(stack.size() - 1);
    }

    private List<@Nullable Object> popTuple(int size) {
        List<@Nullable Object> tail = stack.subList(stack.size() - size, stack.size());
        List<@Nullable Object> tuple = new ArrayList<>(tail);
        tail.clear();
        if (tuple.contains(MARK)) {
            throw new IllegalArgumentException("closes a tuple that it did not open");
        }
        return tuple;
    }

    private List<@Nullable Object> popToMark() {
        int mark = stack.lastIndexOf(MARK);
        List<@Nullable Object> tuple = popTuple(stack.size() - 1 - mark);
        pop();
        return tuple;
    }

    private static List<List<@Nullable Object>> pairs(List<@Nullable Object> flat) {
        if (flat.size() % 2 != 0) {
            throw new IllegalArgumentException("has a key without a value");
        }
        List<List<@Nullable Object>> pairs = new ArrayList<>();
        for (int i = 0; i < flat.size(); i += 2) {
            pairs.add(flat.subList(i, i + 2));
        }
        return pairs;
    }

    private void setItems(List<List<@Nullable Object>> pairs) {
        if (!(top() instanceof Map<?, ?>)) {
            throw new IllegalArgumentException("sets an item of what is not a dictionary");
        }
        @SuppressWarnings("unchecked")
        Map<@Nullable Object, @Nullable Object> map = (Map<@Nullable Object, @Nullable Object>) required(top());
        for (List<@Nullable Object> pair : pairs) {
            // Only plain keys: the hash of a list that holds itself never ends.
            if (!(pair.get(0) instanceof String || pair.get(0) instanceof Number)) {
                throw new IllegalArgumentException("has a key that is neither text nor number");
            }
            map.put(pair.get(0), pair.get(1));
        }
    }

    private void append(List<@Nullable Object> values) {
        if (!(top() instanceof List<?>)) {
            throw new IllegalArgumentException("appends to what is not a list");
        }
        @SuppressWarnings("unchecked")
        List<@Nullable Object> list = (List<@Nullable Object>) required(top());
        list.addAll(values);
    }

    private static Object required(@Nullable Object value) {
        if (value == null) {
            throw new IllegalArgumentException("has None where a value belongs");
        }
        return value;
    }
}
