package org.celllm.tasks.response;

import java.util.List;

/**
 * Under which names the columns of a table of responses are looked for, the first that is there counts.
 *
 * @param drug of the drug's name
 * @param line of the cell line's name
 * @param lnIc50 of ln IC50
 */
public record ResponseColumns(List<String> drug, List<String> line, List<String> lnIc50) {
    /** The usual names. */
    public static final ResponseColumns USUAL = new ResponseColumns(
            List.of("drug_name", "drug"), List.of("DepMap_ID", "cell_line", "line"), List.of("ln_IC50"));

    public ResponseColumns {
        drug = List.copyOf(drug);
        line = List.copyOf(line);
        lnIc50 = List.copyOf(lnIc50);
        if (drug.isEmpty() || line.isEmpty() || lnIc50.isEmpty()) {
            throw new IllegalArgumentException("a column without a name");
        }
    }
}
