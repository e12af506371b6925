/**
 * What the command says, and where: results and tables to standard output, progress and notices to standard error,
 * figures to the file of {@code --json}. {@link org.celllm.app.console.Console} is handed to every command; progress
 * is drawn as a bar with an ETA on a terminal ({@link org.celllm.app.console.ProgressBars}) and as log lines
 * elsewhere ({@link org.celllm.app.console.ProgressLines}).
 */
@NullMarked
package org.celllm.app.console;

import org.jspecify.annotations.NullMarked;
