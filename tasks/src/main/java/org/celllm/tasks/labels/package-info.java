/** Labels of cells: names, codes, missing ones. */
@NullMarked
package org.celllm.tasks.labels;

import org.jspecify.annotations.NullMarked;
