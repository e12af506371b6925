package org.celllm.tasks.response.model;

import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;
import org.bytedeco.pytorch.Scalar;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.TensorOptional;
import org.bytedeco.pytorch.global.torch;
import org.bytedeco.pytorch.global.torch.ScalarType;
import org.celllm.data.random.KeyedRandom;
import org.celllm.network.runtime.Native;
import org.celllm.network.runtime.TensorArrays;
import org.celllm.tasks.drug.network.GraphIsomorphismNetwork;
import org.celllm.tasks.drug.network.MoleculeBatch;
import org.celllm.tasks.drug.network.MoleculeNetworkSettings;
import org.celllm.tasks.drug.network.MoleculePooling;
import org.jspecify.annotations.Nullable;

/**
 * The deep path's network: a line's features x and a drug's molecule m give
 *
 * <pre>
 * u = relu(norm(x A + a)) B + E[line]          E is 0 for a line that is unseen, or forgotten in a step
 * v = GIN(m) + F[drug]                         likewise
 * ŷ = (relu(u P + v Q + (u ∘ v) R + r)) w + u · v / √dim
 * </pre>
 *
 * <p>Forgetting lines and drugs at random in training teaches features what identities would else tell (Volkovs, Yu and Poutanen,
 * DropoutNet, NIPS 2017). Without molecules v is the drug's own vector alone.
 *
 * <p>Not thread safe. Closing it frees the weights.
 */
final class PairNetwork implements AutoCloseable {
    private static final long PURPOSE = 0x9A12;
    private static final double NORM_EPSILON = 1e-5;

    private final NetworkSettings settings;
    private final Map<String, Tensor> weights = new LinkedHashMap<>();
    private final @Nullable GraphIsomorphismNetwork molecules;

    /**
     * Draws the weights.
     *
     * @param features numbers a line
     * @param lines trained lines
     * @param drugs trained drugs
     * @param withMolecules whether drugs have molecules
     */
    PairNetwork(NetworkSettings settings, int features, int lines, int drugs, boolean withMolecules, long seed) {
        this.settings = settings;
        int width = settings.width();
        int dim = settings.dim();
        Native.run(() -> {
            draw("line.0.weight", seed, features, features, 2L * width);
            constant("line.0.bias", 0, 2L * width);
            constant("line.norm.weight", 1, 2L * width);
            constant("line.norm.bias", 0, 2L * width);
            draw("line.1.weight", seed, 2 * width, 2L * width, dim);
            constant("line.1.bias", 0, dim);
            draw("line.same", seed, 100 * dim, lines, dim);
            draw("drug.same", seed, 100 * dim, drugs, dim);
            draw("pair.line", seed, dim, dim, width);
            draw("pair.drug", seed, dim, dim, width);
            draw("pair.both", seed, dim, dim, width);
            constant("pair.bias", 0, width);
            draw("out.weight", seed, width, width, 1);
            constant("out.bias", 0, 1);
        });
        this.molecules = withMolecules
                ? new GraphIsomorphismNetwork(
                        new MoleculeNetworkSettings(settings.moleculeLayers(), width, dim, MoleculePooling.MEAN, seed))
                : null;
    }

    private void draw(String name, long seed, int inputs, long rows, long columns) {
        KeyedRandom random = KeyedRandom.of(seed, PURPOSE, name.hashCode());
        double bound = Math.sqrt(3.0 / Math.max(1, inputs));
        float[] values = new float[Math.toIntExact(rows * columns)];
        for (int i = 0; i < values.length; i++) {
            values[i] = (float) ((2 * random.nextDouble() - 1) * bound);
        }
        put(name, TensorArrays.of(values, rows, columns));
    }

    private void constant(String name, double value, long size) {
        put(name, TensorArrays.ones(ScalarType.Float, size).mul(new Scalar(value)));
    }

    private void put(String name, Tensor values) {
        values.set_requires_grad(true);
        weights.put(name, Native.keep(values));
    }

    /** The trainable tensors by name, those of the molecules after the others. They stay the network's. */
    Map<String, Tensor> weights() {
        Map<String, Tensor> all = new LinkedHashMap<>(weights);
        if (molecules != null) {
            molecules.weights().forEach((name, weight) -> all.put("molecules." + name, weight));
        }
        return Collections.unmodifiableMap(all);
    }

    /**
     * Lines as the network sees them.
     *
     * @param features [lines, features]
     * @param drop what hidden units are multiplied with, [lines, 2 width]; {@code null} for nothing
     * @param places [lines] of trained lines; any for others
     * @param known [lines, 1] 1 where the line counts as itself, 0 where its features are all that is known
     * @return [lines, dim]
     */
    Tensor lines(Tensor features, @Nullable Tensor drop, Tensor places, Tensor known) {
        return Native.scoped(() -> {
            Tensor hidden = torch.layer_norm(
                            times(features, "line.0.weight", "line.0.bias"),
                            new long[] {2L * settings.width()},
                            new TensorOptional(weight("line.norm.weight")),
                            new TensorOptional(weight("line.norm.bias")),
                            NORM_EPSILON,
                            false)
                    .relu();
            Tensor kept = drop == null ? hidden : hidden.mul(drop);
            return times(kept, "line.1.weight", "line.1.bias").add(same("line.same", places, known));
        });
    }

    /**
     * Drugs as the network sees them.
     *
     * @param batch their molecules; {@code null} in a network without
     * @param places [drugs] as for lines
     * @param known [drugs, 1] as for lines
     * @return [drugs, dim]
     */
    Tensor drugs(@Nullable MoleculeBatch batch, Tensor places, Tensor known) {
        return Native.scoped(() -> {
            Tensor same = same("drug.same", places, known);
            return molecules == null || batch == null
                    ? same
                    : molecules.embed(batch).add(same);
        });
    }

    private Tensor same(String name, Tensor places, Tensor known) {
        return torch.embedding(weight(name), places, -1, false, false).mul(known);
    }

    /**
     * The responses of lines to drugs, in the training pairs' standard deviations from their mean.
     *
     * @param u [lines, dim]
     * @param v [drugs, dim]
     * @return [lines, drugs]
     */
    Tensor responses(Tensor u, Tensor v) {
        return Native.scoped(() -> {
            long lines = u.size(0);
            long drugs = v.size(0);
            int width = settings.width();
            int dim = settings.dim();
            Tensor both = u.view(lines, 1, dim).mul(v.view(1, drugs, dim));
            Tensor hidden = both.view(lines * drugs, dim)
                    .mm(weight("pair.both"))
                    .view(lines, drugs, width)
                    .add(u.mm(weight("pair.line")).view(lines, 1, width))
                    .add(times(v, "pair.drug", "pair.bias").view(1, drugs, width))
                    .relu();
            Tensor out = times(hidden.view(lines * drugs, width), "out.weight", "out.bias")
                    .view(lines, drugs);
            return out.add(u.mm(v.t()), new Scalar(1 / Math.sqrt(dim)));
        });
    }

    private Tensor times(Tensor x, String weight, String bias) {
        return torch.addmm(weight(bias), x, weight(weight), new Scalar(1.0), new Scalar(1.0));
    }

    private Tensor weight(String name) {
        Tensor weight = weights.get(name);
        if (weight == null) {
            throw new IllegalStateException("no weight " + name);
        }
        return weight;
    }

    @Override
    public void close() {
        weights.values().forEach(Tensor::close);
        if (molecules != null) {
            molecules.close();
        }
    }
}
