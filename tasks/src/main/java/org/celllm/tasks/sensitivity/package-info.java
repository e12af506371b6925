/**
 * Which single cells a drug kills: sensitive against resistant, from few labels or from cell lines' ln IC50.
 *
 * <p>The tour: {@link org.celllm.tasks.sensitivity.SensitivityLabels} takes labels from a column of cells, or {@link
 * org.celllm.tasks.sensitivity.LineResponses} from the measured response of each cell's line. {@link
 * org.celllm.tasks.annotate.FewLabelFitting} makes a head of a handful of labels and all the cells beside them; {@link
 * org.celllm.tasks.sensitivity.SensitivityFit} fits, scores and saves it as an annotator's folder, {@link
 * org.celllm.tasks.sensitivity.SensitivityFiles} applies it to files. {@link
 * org.celllm.tasks.sensitivity.SensitivityMethods} are the model and what it has to beat; {@link
 * org.celllm.tasks.sensitivity.LabelBudget} and {@link org.celllm.tasks.evaluate.TwoFiles} make the splits that {@link
 * org.celllm.tasks.evaluate.AnnotationProtocol} scores them on.
 */
@NullMarked
package org.celllm.tasks.sensitivity;

import org.jspecify.annotations.NullMarked;
