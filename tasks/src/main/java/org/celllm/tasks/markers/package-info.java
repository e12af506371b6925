/**
 * Which genes carry an annotator's decisions: {@link org.celllm.tasks.markers.MarkerGenes} takes every expressed gene out of
 * cells, one at a time ({@link org.celllm.tasks.markers.GeneRemoval}), and measures how much surer the annotator was with it.
 */
@NullMarked
package org.celllm.tasks.markers;

import org.jspecify.annotations.NullMarked;
