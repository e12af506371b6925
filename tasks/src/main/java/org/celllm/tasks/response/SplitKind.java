package org.celllm.tasks.response;

/** What of a test pair was never trained on. */
public enum SplitKind {
    /** The pair: its line and its drug were trained on, with others. */
    RANDOM("random", "random pairs"),
    /** The line: none of its pairs was. */
    LINES("lines", "unseen lines"),
    /** The drug: none of its pairs was. */
    DRUGS("drugs", "unseen drugs"),
    /** Both the line and the drug. */
    BOTH("both", "unseen lines and drugs");

    private final String word;
    private final String description;

    SplitKind(String word, String description) {
        this.word = word;
        this.description = description;
    }

    /** As on the command line. */
    public String word() {
        return word;
    }

    /** In a few words. */
    public String description() {
        return description;
    }
}
