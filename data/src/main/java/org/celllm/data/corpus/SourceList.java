package org.celllm.data.corpus;

/** To come. */
public final class SourceList {
    private SourceList() {}
}
