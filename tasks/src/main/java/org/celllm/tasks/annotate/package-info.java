/**
 * Cell types from labelled cells: a frozen trunk, and a head that reads its embedding beside plain genes.
 *
 * <p>{@link org.celllm.tasks.annotate.HeadFitting} puts the head together on training cells; {@link
 * org.celllm.tasks.annotate.AnnotationHead} is the result.
 */
@NullMarked
package org.celllm.tasks.annotate;

import org.jspecify.annotations.NullMarked;
