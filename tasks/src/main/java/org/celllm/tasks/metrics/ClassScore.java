package org.celllm.tasks.metrics;

/**
 * How well one class is found.
 *
 * @param label its name
 * @param support cells that truly are of it
 * @param predicted cells that were called so
 * @param precision share of the cells called so that are so; 0 where none was called so
 * @param recall share of its cells that were found; 0 where it has none
 * @param f1 harmonic mean of both; 0 where both are 0
 */
public record ClassScore(String label, long support, long predicted, double precision, double recall, double f1) {}
