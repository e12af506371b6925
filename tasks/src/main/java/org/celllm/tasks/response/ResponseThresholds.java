package org.celllm.tasks.response;

import java.io.IOException;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.celllm.data.InputException;
import org.celllm.data.table.HeadedTable;

/**
 * Below which ln IC50 a line counts as sensitive to a drug.
 *
 * @param byDrug the threshold of each drug that has one
 */
public record ResponseThresholds(Map<String, Float> byDrug) {
    private static final List<String> DRUG = List.of("drug", "drug_name");
    private static final List<String> THRESHOLD = List.of("ln_IC50_threshold");

    public ResponseThresholds {
        byDrug = Map.copyOf(byDrug);
    }

    /**
     * Reads a csv or tsv with the columns {@code drug} (or {@code drug_name}) and {@code ln_IC50_threshold}.
     *
     * @throws InputException naming file and line when a threshold is no finite number or a drug stands there twice
     */
    public static ResponseThresholds read(Path file) throws IOException {
        Map<String, Float> byDrug = new HashMap<>();
        try (HeadedTable table = HeadedTable.open(file)) {
            int drug = table.column(DRUG);
            int threshold = table.column(THRESHOLD);
            while (table.next()) {
                String name = table.name(drug);
                if (byDrug.putIfAbsent(name, table.number(threshold)) != null) {
                    throw table.error()
                            .found("has the drug " + name + " a second time")
                            .expected("one threshold a drug")
                            .build();
                }
            }
        }
        return new ResponseThresholds(byDrug);
    }

    /**
     * The thresholds of some drugs, NaN for one that has none.
     *
     * @throws IllegalArgumentException when none of them has one
     */
    float[] of(List<String> drugs) {
        if (drugs.stream().noneMatch(byDrug::containsKey)) {
            throw new IllegalArgumentException(
                    "none of the " + drugs.size() + " drugs has a threshold: are they named alike, as "
                            + drugs.get(0) + " and "
                            + byDrug.keySet().stream().sorted().findFirst().orElse("no drug at all")
                            + " are not?");
        }
        float[] thresholds = new float[drugs.size()];
        for (int i = 0; i < thresholds.length; i++) {
            thresholds[i] = byDrug.getOrDefault(drugs.get(i), Float.NaN);
        }
        return thresholds;
    }
}
