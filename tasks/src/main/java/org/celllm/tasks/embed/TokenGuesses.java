package org.celllm.tasks.embed;

/**
 * What a model takes the expression of some genes for.
 *
 * @param likeliest [asked] the likeliest token
 * @param logLikelihood [asked] the logarithm of the probability that it gives the true one
 */
public record TokenGuesses(int[] likeliest, double[] logLikelihood) {}
