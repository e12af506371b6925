/** The text files that results are written into: {@link org.celllm.tasks.files.CsvText}. */
@NullMarked
package org.celllm.tasks.files;

import org.jspecify.annotations.NullMarked;
