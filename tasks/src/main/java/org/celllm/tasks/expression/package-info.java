/**
 * Does a model know which genes go together: hidden expression, guessed and scored.
 *
 * <p>The tour: {@link org.celllm.tasks.expression.HiddenExpression} hides genes of the cells of a file and asks a model for their
 * bins; {@link org.celllm.tasks.expression.BinCounts} keeps what a guess without any model could know, the file's and each gene's
 * commonest bin; {@link org.celllm.tasks.expression.ExpressionScores} puts them beside each other.
 */
@NullMarked
package org.celllm.tasks.expression;

import org.jspecify.annotations.NullMarked;
