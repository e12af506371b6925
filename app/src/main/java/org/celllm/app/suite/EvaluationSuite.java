package org.celllm.app.suite;

import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.JsonToken;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.dataformat.yaml.YAMLMapper;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.regex.Pattern;
import org.celllm.data.InputException;

/**
 * A list of evaluations, in YAML. Paths in the options are relative to the file; {@code ${NAME}} stands for a variable.
 *
 * <pre>{@code
 * variables:
 *   MODEL: model
 * evaluations:
 *   - name: blood-five-fold
 *     kind: annotation
 *     options: ${MODEL} blood.h5ad --label cell_type --folds 5
 * }</pre>
 *
 * @param file the list
 * @param entries one at least, with names that differ
 */
public record EvaluationSuite(Path file, List<SuiteEntry> entries) {
    private static final Pattern NAME = Pattern.compile("[A-Za-z0-9][A-Za-z0-9._-]*");
    private static final Set<String> TAKEN = Set.of("leaderboard", "suite");
    private static final Set<String> ROOT_KEYS = Set.of("variables", "evaluations");
    private static final Set<String> KEYS = Set.of("name", "kind", "options");
    private static final long LONGEST = 1L << 20;

    public EvaluationSuite {
        entries = List.copyOf(entries);
    }

    /**
     * Reads a list.
     *
     * @param kinds that there are
     * @param given values of variables, which go before those in the file
     * @throws InputException when it is not such a list, with file, line and remedy
     */
    public static EvaluationSuite read(Path file, Collection<String> kinds, Map<String, String> given)
            throws IOException {
        if (!Files.isRegularFile(file)) {
            throw InputException.about(file)
                    .found(Files.exists(file) ? "is not a file" : "does not exist")
                    .expected("a YAML list of evaluations")
                    .remedy("`celllm evaluate suite --help` shows one")
                    .build();
        }
        if (Files.size(file) > LONGEST) {
            throw InputException.about(file)
                    .found("is too long for a list of evaluations")
                    .build();
        }
        return new Reading(file, kinds, given).suite();
    }

    /** One reading of a file, which remembers the line of every value. */
    private static final class Reading {
        private final Path file;
        private final Collection<String> kinds;
        private final Map<String, String> given;
        private final JsonNode root;
        private final Map<String, Integer> lines = new HashMap<>();
        private final Set<String> used = new HashSet<>();

        Reading(Path file, Collection<String> kinds, Map<String, String> given) throws IOException {
            this.file = file;
            this.kinds = kinds;
            this.given = given;
            YAMLMapper mapper = YAMLMapper.builder()
                    .enable(DeserializationFeature.FAIL_ON_READING_DUP_TREE_KEY)
                    .build();
            byte[] text = Files.readAllBytes(file);
            try {
                root = mapper.readTree(text);
                try (JsonParser parser = mapper.createParser(text)) {
                    for (JsonToken token = parser.nextToken(); token != null; token = parser.nextToken()) {
                        lines.putIfAbsent(
                                parser.getParsingContext().pathAsPointer().toString(),
                                parser.currentTokenLocation().getLineNr());
                    }
                }
            } catch (JsonProcessingException e) {
                int line = e.getLocation() == null ? 1 : e.getLocation().getLineNr();
                throw InputException.about(file)
                        .at("line " + line)
                        .found("is not YAML: "
                                + e.getOriginalMessage().lines().findFirst().orElse(""))
                        .remedy("Texts with a colon or a # in them need quotes")
                        .build(e);
            }
        }

        EvaluationSuite suite() {
            JsonNode list = root.path("evaluations");
            if (!list.isArray() || list.isEmpty()) {
                throw at("").found("has no list 'evaluations'")
                        .expected("evaluations: followed by items with name, kind and options")
                        .build();
            }
            onlyKeys(root, "", ROOT_KEYS);
            Map<String, String> values = new HashMap<>();
            for (Map.Entry<String, JsonNode> variable : root.path("variables").properties()) {
                if (!variable.getValue().isValueNode()) {
                    throw at("/variables/" + variable.getKey())
                            .found("the variable " + variable.getKey() + " is no text")
                            .build();
                }
                values.put(variable.getKey(), variable.getValue().asText());
            }
            values.putAll(given);
            List<SuiteEntry> entries = new ArrayList<>();
            Set<String> names = new HashSet<>();
            for (int i = 0; i < list.size(); i++) {
                SuiteEntry entry = entry("/evaluations/" + i, list.get(i), values);
                if (!names.add(entry.name().toLowerCase(Locale.ROOT))) {
                    throw at("/evaluations/" + i)
                            .found("the name '" + entry.name() + "' again")
                            .expected("names that differ, as each is a folder")
                            .build();
                }
                entries.add(entry);
            }
            for (String name : given.keySet()) {
                if (!used.contains(name)) {
                    throw InputException.about("--set " + name)
                            .found("no evaluation of " + file + " has ${" + name + "}")
                            .build();
                }
            }
            return new EvaluationSuite(file, entries);
        }

        private SuiteEntry entry(String place, JsonNode item, Map<String, String> values) {
            onlyKeys(item, place, KEYS);
            String name = text(item, place, "name");
            if (!NAME.matcher(name).matches() || TAKEN.contains(name.toLowerCase(Locale.ROOT))) {
                throw at(place + "/name")
                        .found("the name '" + name + "'")
                        .expected("letters, digits, '-', '_' and '.', as it becomes a folder, and neither of " + TAKEN)
                        .build();
            }
            String kind = text(item, place, "kind");
            if (!kinds.contains(kind)) {
                throw at(place + "/kind")
                        .found("the kind '" + kind + "'")
                        .expected(String.join(", ", kinds))
                        .build();
            }
            List<String> words = new ArrayList<>();
            JsonNode options = item.path("options");
            try {
                if (options.isArray()) {
                    options.forEach(option -> words.add(option.asText()));
                } else {
                    words.addAll(Words.split(text(item, place, "options")));
                }
                words.replaceAll(word -> Words.filled(word, values, used));
            } catch (IllegalArgumentException e) {
                throw at(place + "/options")
                        .found(name + " has " + e.getMessage())
                        .expected("words as on the command line")
                        .remedy("Close the quote, or name the variable under 'variables' or with --set NAME=VALUE")
                        .build(e);
            }
            return new SuiteEntry(name, kind, words, line(place + "/options"));
        }

        private String text(JsonNode item, String place, String key) {
            JsonNode value = item.path(key);
            if (!value.isValueNode() || value.isNull()) {
                throw at(place)
                        .found((item.isObject() ? "an item" : "a text") + " without '" + key + "'")
                        .expected("an item with name, kind and options")
                        .build();
            }
            return value.asText();
        }

        private void onlyKeys(JsonNode item, String place, Set<String> keys) {
            for (Map.Entry<String, JsonNode> field : item.properties()) {
                if (!keys.contains(field.getKey())) {
                    throw at(place + "/" + field.getKey())
                            .found("the key '" + field.getKey() + "'")
                            .expected(String.join(", ", keys.stream().sorted().toList()))
                            .build();
                }
            }
        }

        private int line(String place) {
            return lines.getOrDefault(place, 1);
        }

        private InputException.Builder at(String place) {
            return InputException.about(file).at("line " + line(place));
        }
    }
}
