package org.celllm.data.tokens;

/** In what state of processing the values of a matrix are. */
public enum ValueState {
    /** Raw counts: non-negative whole numbers. */
    COUNTS("counts"),
    /** log(1 + counts per 10,000), natural logarithm. */
    LOG1P("log1p"),
    /** log2(1 + x), of counts per million, TPM or the like. */
    LOG2P1("log2p1"),
    /** Non-negative, not whole, not logarithmic: TPM, CPM, FPKM. */
    TPM("tpm"),
    /** Centred or scaled by gene: negative values occur. */
    SCALED("scaled"),
    /** Numbers to be binned as they are, on the user's word. */
    ASIS("asis");

    private final String word;

    ValueState(String word) {
        this.word = word;
    }

    /** The word for it on the command line and in JSON. */
    public String word() {
        return word;
    }
}
