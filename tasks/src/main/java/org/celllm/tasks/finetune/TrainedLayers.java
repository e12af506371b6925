package org.celllm.tasks.finetune;

/** What fine-tuning changes of a model, beside the classifier on top. */
public enum TrainedLayers {
    /** The last layer and the final norm, as published. */
    LAST("last layer, final norm, classifier", "model, last layer trained"),
    /** Everything that pre-training changes: all layers, and the gene table unless it is frozen. */
    ALL("all layers, classifier", "model, all layers trained");

    private final String words;
    private final String method;

    TrainedLayers(String words, String method) {
        this.words = words;
        this.method = method;
    }

    /** For reports. */
    public String words() {
        return words;
    }

    /** The name of the method in tables. */
    public String method() {
        return method;
    }
}
