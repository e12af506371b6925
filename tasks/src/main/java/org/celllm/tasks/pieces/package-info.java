/**
 * Results of a file's cells, finished piece by piece on disk, so that memory does not grow with the cells and a run that
 * was cut off can go on. {@link org.celllm.tasks.pieces.PieceFolder} is the hidden folder beside the output;
 * {@link org.celllm.tasks.pieces.RunBasis} in it says what the results depend on, and
 * {@link org.celllm.tasks.pieces.PieceFile} holds them; {@link org.celllm.tasks.pieces.CellRun} says whether to go on.
 */
@NullMarked
package org.celllm.tasks.pieces;

import org.jspecify.annotations.NullMarked;
