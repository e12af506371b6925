/**
 * One class a verb of {@code celllm}: it declares the options, makes one library call and prints the result. What
 * several verbs share stands in mixins: {@link org.celllm.app.command.JsonOption},
 * {@link org.celllm.app.command.ComputeOptions}, {@link org.celllm.app.command.OutputOption}.
 */
@NullMarked
package org.celllm.app.command;

import org.jspecify.annotations.NullMarked;
