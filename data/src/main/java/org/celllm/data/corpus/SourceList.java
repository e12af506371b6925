package org.celllm.data.corpus;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.dataformat.yaml.YAMLMapper;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import org.celllm.data.InputException;
import org.celllm.data.cells.Disease;
import org.celllm.data.tokens.ValuesOption;
import org.jspecify.annotations.Nullable;

/**
 * Sources and what is known of them, in YAML. Paths are relative to the list.
 *
 * <pre>{@code
 * sources:
 *   - path: blood/pbmc.h5ad
 *     disease: normal
 *     tissue: blood
 *   - path: tumours/          # all files of the folder
 *     disease_column: malignancy
 *     tissue: brain
 *     values: auto
 * }</pre>
 */
public final class SourceList {
    private static final Set<String> KEYS =
            Set.of("path", "name", "disease", "disease_column", "tissue", "tissue_column", "label_column", "values");
    private static final long LONGEST = 16L << 20;

    private SourceList() {}

    /** Whether a path is a list rather than a source. */
    public static boolean isList(Path path) {
        String name = path.toString().toLowerCase(Locale.ROOT);
        return name.endsWith(".yaml") || name.endsWith(".yml");
    }

    /**
     * Reads a list.
     *
     * @throws InputException when it is not YAML, or a source lacks its path, or a key or word is not known
     */
    public static List<CorpusSource> read(Path list) throws IOException {
        if (!Files.isRegularFile(list)) {
            throw InputException.about(list).found("does not exist").build();
        }
        if (Files.size(list) > LONGEST) {
            throw InputException.about(list)
                    .found("is too long for a list of sources")
                    .build();
        }
        JsonNode root;
        try {
            root = YAMLMapper.builder()
                    .enable(DeserializationFeature.FAIL_ON_READING_DUP_TREE_KEY)
                    .build()
                    .readTree(Files.readAllBytes(list));
        } catch (JsonProcessingException e) {
            throw InputException.about(list)
                    .at("line " + (e.getLocation() == null ? 1 : e.getLocation().getLineNr()))
                    .found("is not YAML: "
                            + e.getOriginalMessage().lines().findFirst().orElse(""))
                    .build(e);
        }
        JsonNode sources = root.isArray() ? root : root.path("sources");
        if (!sources.isArray() || sources.isEmpty()) {
            throw InputException.about(list)
                    .found("has no list 'sources'")
                    .expected("sources: followed by items with a path each")
                    .build();
        }
        Path folder = list.toAbsolutePath().getParent();
        List<CorpusSource> read = new ArrayList<>();
        for (int i = 0; i < sources.size(); i++) {
            read.add(source(list, folder, "source " + (i + 1), sources.get(i)));
        }
        return read;
    }

    private static CorpusSource source(Path list, @Nullable Path folder, String place, JsonNode item) {
        if (item.isTextual()) {
            return CorpusSource.of(resolve(folder, item.textValue()));
        }
        for (Map.Entry<String, JsonNode> field : item.properties()) {
            if (!KEYS.contains(field.getKey())) {
                throw InputException.about(list)
                        .at(place)
                        .found("has a key '" + field.getKey() + "'")
                        .expected("path, name, disease, disease_column, tissue, tissue_column, label_column or values")
                        .build();
            }
        }
        String path = text(item, "path");
        if (path == null) {
            throw InputException.about(list).at(place).found("has no path").build();
        }
        String disease = text(item, "disease");
        String values = text(item, "values");
        return new CorpusSource(
                resolve(folder, path),
                text(item, "name"),
                disease == null ? null : disease(list, place, disease),
                text(item, "disease_column"),
                text(item, "tissue"),
                text(item, "tissue_column"),
                text(item, "label_column"),
                values == null ? ValuesOption.AUTO : ValuesOption.of(values));
    }

    private static Path resolve(@Nullable Path folder, String path) {
        Path given = Path.of(path);
        return folder == null ? given : folder.resolve(given).normalize();
    }

    private static Disease disease(Path list, String place, String word) {
        for (Disease disease : Disease.values()) {
            if (disease.word().equals(word.toLowerCase(Locale.ROOT))) {
                return disease;
            }
        }
        throw InputException.about(list)
                .at(place)
                .found("has the disease '" + word + "'")
                .expected("normal, cancer or unknown")
                .build();
    }

    private static @Nullable String text(JsonNode item, String key) {
        JsonNode value = item.path(key);
        return value.isMissingNode() || value.isNull() ? null : value.asText();
    }
}
