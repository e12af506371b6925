package org.celllm.tasks.pieces;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.type.TypeReference;
import com.fasterxml.jackson.databind.SerializationFeature;
import com.fasterxml.jackson.databind.json.JsonMapper;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.celllm.data.files.SafeFiles;
import org.jspecify.annotations.Nullable;

/**
 * What the bits of a run's results depend on. The number of threads is not among it: which cells are encoded together
 * does not depend on it, and every product is one thread's.
 *
 * @param facts by name, such as {@code precision}: {@code float32}
 */
public record RunBasis(Map<String, String> facts) {
    private static final JsonMapper JSON =
            JsonMapper.builder().enable(SerializationFeature.INDENT_OUTPUT).build();

    public RunBasis {
        facts = Collections.unmodifiableMap(new LinkedHashMap<>(facts));
    }

    /** One with a single fact. */
    public static RunBasis of(String name, String value) {
        return new RunBasis(Map.of(name, value));
    }

    /** The same with one fact more. */
    public RunBasis and(String name, String value) {
        Map<String, String> more = new LinkedHashMap<>(facts);
        more.put(name, value);
        return new RunBasis(more);
    }

    /** The same with the facts of another. */
    public RunBasis and(RunBasis other) {
        Map<String, String> more = new LinkedHashMap<>(facts);
        more.putAll(other.facts);
        return new RunBasis(more);
    }

    /** One text for each fact that differs: {@code precision: float32 then, bfloat16 now}. */
    public List<String> differences(RunBasis now) {
        Set<String> names = new LinkedHashSet<>(facts.keySet());
        names.addAll(now.facts.keySet());
        List<String> found = new ArrayList<>();
        for (String name : names) {
            String then = facts.getOrDefault(name, "nothing");
            String today = now.facts.getOrDefault(name, "nothing");
            if (!then.equals(today)) {
                found.add(name + ": " + then + " then, " + today + " now");
            }
        }
        return found;
    }

    void write(Path file) throws IOException {
        SafeFiles.text(file, JSON.writeValueAsString(facts) + "\n");
    }

    /** Null where there is none, or another version wrote it. */
    static @Nullable RunBasis read(Path file) throws IOException {
        if (!Files.isRegularFile(file)) {
            return null;
        }
        try {
            return new RunBasis(JSON.readValue(file.toFile(), new TypeReference<LinkedHashMap<String, String>>() {}));
        } catch (JsonProcessingException damaged) {
            return null;
        }
    }
}
