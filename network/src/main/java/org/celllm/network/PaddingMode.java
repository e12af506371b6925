package org.celllm.network;

/** What stands behind the last expressed gene of a cell. */
public enum PaddingMode {
    /** Nothing: a cell is as long as its genes. The mode of every model trained here. */
    NONE,
    /**
     * As the published inference code: every cell is padded to the network's maximal length, and though the padded
     * values are zeroed, the padded keys still count in the normaliser of the attention. All padded positions of a
     * cell are alike, so that one of them is computed and counted as often as it stands there.
     */
    PUBLISHED
}
