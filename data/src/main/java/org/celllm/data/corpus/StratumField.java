package org.celllm.data.corpus;

/** What cells can be told apart by when they are drawn in other shares than they come in. */
public enum StratumField {
    /** Normal, cancer or unknown. */
    DISEASE,
    /** The tissue, by its name. */
    TISSUE,
    /** The source, by its name in the manifest. */
    SOURCE,
    /** The label, such as the cell type, by its name. */
    LABEL;

    /** The word for it on the command line: {@code tissue}. */
    public String word() {
        return name().toLowerCase(java.util.Locale.ROOT);
    }
}
