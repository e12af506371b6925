/**
 * What a file holds, for people and for programs: {@link org.celllm.data.inspect.FileInspection} is all that
 * {@code celllm inspect} prints, and its JSON.
 */
@NullMarked
package org.celllm.data.inspect;

import org.jspecify.annotations.NullMarked;
