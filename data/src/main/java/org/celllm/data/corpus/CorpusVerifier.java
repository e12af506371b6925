package org.celllm.data.corpus;

/** To come. */
public final class CorpusVerifier {
    private CorpusVerifier() {}
}
