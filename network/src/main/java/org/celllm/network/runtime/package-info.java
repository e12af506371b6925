/**
 * The native library underneath: {@link org.celllm.network.runtime.Torch} loads it and sets threads and determinism,
 * {@link org.celllm.network.runtime.Workers} computes several pieces at once,
 * {@link org.celllm.network.runtime.Precision} chooses number formats, {@link org.celllm.network.runtime.Native} says
 * how long native memory lives, {@link org.celllm.network.runtime.TensorArrays} moves numbers between Java arrays and
 * tensors and {@link org.celllm.network.runtime.ResidentMemory} reads what the process holds
 * and gives back what it need not.
 *
 * <p>Every libtorch object made in a {@link org.bytedeco.javacpp.PointerScope} is freed when the scope closes; what has
 * to live longer goes through {@link org.celllm.network.runtime.Native#keep} or
 * {@link org.celllm.network.runtime.Native#scoped}. Nothing waits for the garbage collector. A libtorch graph holds its
 * own references, so closing the Java side of an intermediate result never breaks a later backward.
 */
@NullMarked
package org.celllm.network.runtime;

import org.jspecify.annotations.NullMarked;
