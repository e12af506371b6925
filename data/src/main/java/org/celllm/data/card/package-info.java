/**
 * Model cards: what a trained model is, for people. {@link org.celllm.data.card.ModelCard} puts the text together; whoever writes
 * a model's folder writes {@link org.celllm.data.card.ModelCard#FILE} with it.
 */
@NullMarked
package org.celllm.data.card;

import org.jspecify.annotations.NullMarked;
