/**
 * One class a verb of {@code celllm}: it declares the options, makes one library call and prints the result. What
 * several verbs share stands in mixins: {@link org.celllm.app.command.JsonOption},
 * {@link org.celllm.app.command.ComputeOptions}, {@link org.celllm.app.command.OutputOption}. Before a verb begins {@link
 * org.celllm.app.command.WrittenPaths} compares what it is to write with what it reads; {@link org.celllm.app.command.FolderKind} says which
 * folders {@code --force} replaces.
 */
@NullMarked
package org.celllm.app.command;

import org.jspecify.annotations.NullMarked;
