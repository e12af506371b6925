/**
 * The methods that every score is printed beside. None of them knows anything of language models; several beat most
 * published ones.
 *
 * <p>{@link org.celllm.tasks.baselines.LabelSpreading} carries a few labels to the cells beside them; {@link
 * org.celllm.tasks.baselines.GradientBoostedTrees} are LightGBM's.
 *
 * <p>{@link org.celllm.tasks.baselines.Classifier} is what is fitted; {@link
 * org.celllm.tasks.baselines.LogisticRegression} is also the building block of the annotator's head.
 */
@NullMarked
package org.celllm.tasks.baselines;

import org.jspecify.annotations.NullMarked;
