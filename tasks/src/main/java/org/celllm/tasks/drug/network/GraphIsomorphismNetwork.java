package org.celllm.tasks.drug.network;

import java.util.Arrays;
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
import org.celllm.tasks.drug.AtomFeatures;
import org.celllm.tasks.drug.BondFeatures;

/**
 * A graph isomorphism network (Xu et al., arXiv 1810.00826, equation 4.1) that hears the bonds too (Hu et al., arXiv 1905.12265):
 * with x an atom's features and b_uv a bond's,
 *
 * <pre>
 * h_v⁰ = x_v W + c
 * hᵏ_v = MLPᵏ((1 + εᵏ) hᵏ⁻¹_v + Σ_u relu(hᵏ⁻¹_u + b_uv Bᵏ))      over the neighbours u of v
 * out  = pooled(hᴷ) W' + c'
 * </pre>
 *
 * <p>An MLP is a product, a norm over the atom's vector, relu, a product. The norm stands where the papers have one over the
 * batch, so that what a molecule's vector is does not depend on the others beside it. relu stands between layers, not after the
 * last.
 *
 * <p>Weights are trained by the caller: {@link #weights()} and a {@code backward()} of what {@link #embed} returns. Not thread
 * safe while they change. Closing it frees them.
 */
public final class GraphIsomorphismNetwork implements AutoCloseable {
    private static final long PURPOSE = 0x6D6F6C6563756C65L;
    private static final double NORM_EPSILON = 1e-5;

    private final MoleculeNetworkSettings settings;
    private final ScalarType type;
    private final Map<String, Tensor> weights = new LinkedHashMap<>();

    /** Draws the weights, in float32. */
    public GraphIsomorphismNetwork(MoleculeNetworkSettings settings) {
        this(settings, ScalarType.Float);
    }

    /**
     * Draws the weights.
     *
     * @param type float32, or float64 to check gradients with
     */
    public GraphIsomorphismNetwork(MoleculeNetworkSettings settings, ScalarType type) {
        this.settings = settings;
        this.type = type;
        int width = settings.width();
        Native.run(() -> {
            product("atoms", AtomFeatures.SIZE, width);
            for (int layer = 0; layer < settings.layers(); layer++) {
                String name = "layers." + layer + ".";
                constant(name + "eps", 0, 1);
                draw(name + "bonds.weight", BondFeatures.SIZE, BondFeatures.SIZE, width);
                product(name + "mlp.0", width, width);
                constant(name + "mlp.norm.weight", 1, width);
                constant(name + "mlp.norm.bias", 0, width);
                product(name + "mlp.1", width, width);
            }
            product("out", width, settings.dim());
        });
    }

    private void product(String name, int in, int out) {
        draw(name + ".weight", in, in, out);
        draw(name + ".bias", in, out);
    }

    /** Uniform within 1/√inputs, a function of seed and name alone. */
    private void draw(String name, int inputs, long... shape) {
        KeyedRandom random = KeyedRandom.of(settings.seed(), PURPOSE, name.hashCode());
        double bound = 1 / Math.sqrt(inputs);
        double[] values = new double[count(shape)];
        for (int i = 0; i < values.length; i++) {
            values[i] = (2 * random.nextDouble() - 1) * bound;
        }
        put(name, TensorArrays.of(values, shape));
    }

    private void constant(String name, double value, long... shape) {
        double[] values = new double[count(shape)];
        Arrays.fill(values, value);
        put(name, TensorArrays.of(values, shape));
    }

    private static int count(long... shape) {
        long count = 1;
        for (long size : shape) {
            count *= size;
        }
        return Math.toIntExact(count);
    }

    private void put(String name, Tensor values) {
        Tensor weight = values.to(type);
        weight.set_requires_grad(true);
        weights.put(name, Native.keep(weight));
    }

    /** The trainable tensors by name, in a fixed order; products are [in, out]. They stay the network's. */
    public Map<String, Tensor> weights() {
        return Collections.unmodifiableMap(weights);
    }

    /** Dimensions of a molecule's vector. */
    public int dim() {
        return settings.dim();
    }

    /**
     * Embeds molecules.
     *
     * @param batch of the network's own number format
     * @return [molecules, dim], part of a graph unless none is recorded
     */
    public Tensor embed(MoleculeBatch batch) {
        return Native.scoped(() -> {
            Tensor atoms = times(batch.atoms(), "atoms");
            for (int layer = 0; layer < settings.layers(); layer++) {
                atoms = layer(layer == 0 ? atoms : atoms.relu(), "layers." + layer + ".", batch);
            }
            return times(batch.pool(atoms, settings.pooling()), "out");
        });
    }

    private Tensor layer(Tensor atoms, String name, MoleculeBatch batch) {
        Tensor sum = atoms.add(atoms.mul(weight(name + "eps")));
        if (batch.hasBonds()) {
            Tensor bonds = batch.bonds().mm(weight(name + "bonds.weight"));
            sum = sum.add(batch.toAtoms(batch.ofSource(atoms).add(bonds).relu()));
        }
        Tensor hidden = torch.layer_norm(
                times(sum, name + "mlp.0"),
                new long[] {settings.width()},
                new TensorOptional(weight(name + "mlp.norm.weight")),
                new TensorOptional(weight(name + "mlp.norm.bias")),
                NORM_EPSILON,
                false);
        return times(hidden.relu(), name + "mlp.1");
    }

    private Tensor times(Tensor x, String name) {
        return torch.addmm(weight(name + ".bias"), x, weight(name + ".weight"), new Scalar(1.0), new Scalar(1.0));
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
    }
}
