/**
 * Pre-training. Read {@link org.celllm.training.Pretrainer} first, then {@link
 * org.celllm.training.contrast.DivideAndConquer}, the heart. {@link org.celllm.training.PretrainSettings} decides what
 * is learned, {@link org.celllm.training.RunSettings} how the machine is used, {@link
 * org.celllm.training.TrainingCells} is where cells come from: a corpus ({@link org.celllm.training.CorpusCells}) or files ({@link
 * org.celllm.training.FileTrainingCells}); {@link org.celllm.training.TrainedStart} is a model that training goes on from. {@link org.celllm.training.PretrainPlan} is how batches are divided,
 * {@link org.celllm.training.PlanFile} keeps it on the disk;
 * {@link org.celllm.training.RunRecords} writes down what a run did; {@link org.celllm.training.ReplacedModel} keeps the model that it replaces
 * until it is whole.
 */
@NullMarked
package org.celllm.training;

import org.jspecify.annotations.NullMarked;
