/**
 * Scores of predicted labels: {@link org.celllm.tasks.metrics.ConfusionMatrix} with accuracy and macro-F1, {@link
 * org.celllm.tasks.metrics.RocArea} and {@link org.celllm.tasks.metrics.AveragePrecision} for rankings, and
 * {@link org.celllm.tasks.metrics.Interval} for what several seeds or draws say together.
 */
@NullMarked
package org.celllm.tasks.metrics;

import org.jspecify.annotations.NullMarked;
