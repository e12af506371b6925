package org.celllm.tasks.response.model;

import org.celllm.network.runtime.Workers;
import org.celllm.tasks.response.ResponseData;

/**
 * One way from lines and drugs to ln IC50, fitted by itself. What a fit chooses by validation pairs is its {@code C}, with
 * which it can be fitted again where none are set aside.
 *
 * @param <C> what is chosen
 */
interface ResponsePath<C> {
    /** The name in tables and files. */
    String name();

    /** A fit and what was chosen for it. */
    record Fitted<C>(TrainedPath trained, C choice) {}

    /**
     * Fits on pairs, with settings chosen by others.
     *
     * @param data the pairs' lines and drugs with their features
     * @param train pairs, ascending
     * @param validation pairs, ascending
     * @param seed of what is random in it
     */
    Fitted<C> fit(ResponseData data, int[] train, int[] validation, long seed, Workers workers);

    /** Fits on pairs with settings chosen before. */
    TrainedPath fit(ResponseData data, int[] train, C choice, long seed, Workers workers);
}
