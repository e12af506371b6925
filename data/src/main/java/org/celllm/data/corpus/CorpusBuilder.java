package org.celllm.data.corpus;

/** To come. */
public final class CorpusBuilder {
    private CorpusBuilder() {}
}
