/**
 * The {@code celllm} command. {@link org.celllm.app.Main} starts it, {@code command} has one thin class a verb (parse,
 * one library call, print), {@code console} is the only place that writes to the terminal, {@code report} makes the
 * HTML page and {@code demo} walks the whole way on simulated cells.
 *
 * <p>Exit codes: 0 done, 2 the user's input, 1 our fault ({@link org.celllm.app.ExitCode}).
 */
@NullMarked
package org.celllm.app;

import org.jspecify.annotations.NullMarked;
