package org.celllm.network;

import java.util.Collection;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Predicate;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.global.torch;
import org.celllm.network.runtime.GradientTape;
import org.celllm.network.runtime.Native;
import org.celllm.network.runtime.Precision;
import org.jspecify.annotations.Nullable;

/**
 * The weights of a model by their {@linkplain WeightShapes names}: those that training changes and those that it leaves
 * alone. Owns their memory, or shares that of the model it is a replica of.
 */
final class ModelWeights implements AutoCloseable {
    private final Map<String, Tensor> trainable = new LinkedHashMap<>();
    private final Map<String, Tensor> frozen = new LinkedHashMap<>();

    private ModelWeights() {}

    /** Copies every weight of a network from {@code source}. */
    static ModelWeights of(
            NetworkConfig config, ModelOptions options, Precision precision, CellLanguageModel.WeightSource source) {
        ModelWeights weights = new ModelWeights();
        try {
            WeightShapes.of(config, options).forEach((name, shape) -> {
                boolean trained = WeightShapes.trained(name, options);
                Native.run(() -> {
                    Tensor given = source.weight(name, shape).detach().contiguous();
                    Tensor weight = Native.keep(given.to(precision.stored()).clone());
                    weight.set_requires_grad(trained);
                    (trained ? weights.trainable : weights.frozen).put(name, weight);
                });
            });
        } catch (Throwable e) {
            weights.close();
            throw e;
        }
        return weights;
    }

    /** The same memory, with gradients of its own. */
    ModelWeights replica() {
        ModelWeights replica = new ModelWeights();
        Native.run(() -> {
            trainable.forEach((name, weight) -> replica.trainable.put(name, Native.keep(GradientTape.leaf(weight))));
            frozen.forEach((name, weight) -> replica.frozen.put(name, Native.keep(weight.detach())));
        });
        return replica;
    }

    /** What training changes, in a fixed order. Unmodifiable. */
    Map<String, Tensor> trainable() {
        return Collections.unmodifiableMap(trainable);
    }

    /** What training leaves alone. Unmodifiable. */
    Map<String, Tensor> frozen() {
        return Collections.unmodifiableMap(frozen);
    }

    /** Some weights in the order of their names. */
    Map<String, Tensor> inOrderOf(Collection<String> names) {
        Map<String, Tensor> all = new LinkedHashMap<>();
        names.forEach(name -> all.put(name, get(name)));
        return all;
    }

    /** From now on the weights of these names are not trained. */
    void freeze(Predicate<String> names) {
        List<String> freezing = trainable.keySet().stream().filter(names).toList();
        for (String name : freezing) {
            Tensor weight = get(name);
            weight.set_requires_grad(false);
            trainable.remove(name);
            frozen.put(name, weight);
        }
    }

    /** A weight; {@code null} where there is none of that name. */
    @Nullable
    Tensor find(String name) {
        Tensor weight = trainable.get(name);
        return weight != null ? weight : frozen.get(name);
    }

    /** A weight that must be there. */
    Tensor get(String name) {
        Tensor weight = find(name);
        if (weight == null) {
            throw new IllegalStateException("no weight " + name + " (or the model is closed)");
        }
        return weight;
    }

    /** The gradient of a weight, zeros at first; {@code null} where it is not trained. */
    @Nullable
    Tensor gradient(String name) {
        Tensor weight = trainable.get(name);
        if (weight == null) {
            return null;
        }
        if (!weight.grad().defined()) {
            weight.mutable_grad().put(torch.zeros_like(weight));
        }
        return weight.grad();
    }

    /** Adds a replica's gradients to these, and sets the replica's to zero. */
    void takeGradients(ModelWeights replica) {
        trainable.forEach((name, weight) -> Native.runWithoutGradient(() -> {
            Tensor theirs = replica.get(name).grad();
            if (!theirs.defined()) {
                return;
            }
            if (weight.grad().defined()) {
                weight.grad().add_(theirs);
            } else {
                weight.mutable_grad().put(theirs.clone());
            }
            theirs.zero_();
        }));
    }

    /** Frees the weights; a replica's alone, not those that it shares. */
    @Override
    public void close() {
        trainable.values().forEach(Tensor::close);
        frozen.values().forEach(Tensor::close);
        trainable.clear();
        frozen.clear();
    }
}
