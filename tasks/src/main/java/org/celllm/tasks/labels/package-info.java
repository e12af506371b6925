/**
 * Labels of cells: names, codes, missing ones ({@link org.celllm.tasks.labels.CellLabels}), and samples in which every
 * class has its share ({@link org.celllm.tasks.labels.LabelSample}).
 */
@NullMarked
package org.celllm.tasks.labels;

import org.jspecify.annotations.NullMarked;
