/**
 * Does a model know which genes go together: hidden expression, guessed and scored.
 *
 * <p>The tour: {@link org.celllm.tasks.expression.HiddenExpression} hides genes of the cells of a file ({@link
 * org.celllm.tasks.expression.HiddenFile}), or of those of a corpus that were not trained on ({@link
 * org.celllm.tasks.expression.HiddenSource}), and asks a model for their bins; {@link org.celllm.tasks.expression.Guess} says what can be guessed without any, from the gene, the cell or the file
 * ({@link org.celllm.tasks.expression.BinCounts}); {@link org.celllm.tasks.expression.ExpressionScores} puts them beside each other.
 */
@NullMarked
package org.celllm.tasks.expression;

import org.jspecify.annotations.NullMarked;
