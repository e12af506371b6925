package org.celllm.bench;

import java.util.Locale;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.TensorOptional;
import org.bytedeco.pytorch.global.torch;
import org.bytedeco.pytorch.global.torch.ScalarType;
import org.celllm.network.CellSequences;
import org.celllm.network.NetworkConfig;
import org.celllm.network.PaddingMode;
import org.celllm.network.Preset;
import org.celllm.network.attention.FavorAttention;
import org.celllm.network.attention.SequenceLayout;
import org.celllm.network.onednn.Strided.Format;
import org.celllm.network.runtime.Native;
import org.celllm.network.runtime.Precision;
import org.celllm.network.runtime.Torch;

/**
 * Where the time of a forward pass goes: every part of one encoder layer by itself, on random numbers of the layer's own
 * shapes, beside the machine's peak in the same process.
 *
 * <pre>LayerProfile PRESET CELLS GENES [PRECISION]</pre>
 */
public final class LayerProfile {
    private static final double EPSILON = 1e-5;

    private final NetworkConfig config;
    private final Precision precision;
    private final long rows;
    private double total;

    private LayerProfile(NetworkConfig config, Precision precision, long rows) {
        this.config = config;
        this.precision = precision;
        this.rows = rows;
    }

    /** Runs one configuration on one thread and prints a table. */
    public static void main(String[] args) {
        if (args.length < 3) {
            System.err.println("LayerProfile PRESET CELLS GENES [PRECISION]");
            System.exit(2);
        }
        NetworkConfig config = Preset.of(args[0]).config(19_379);
        Precision precision = Precision.of(args.length > 3 ? args[3] : "auto");
        Torch.configure(1);
        CellSequences cells = EncoderBenchmark.cells(config, args[1], args[2]);
        double peak = EncoderBenchmark.peak(precision);
        System.out.printf(
                Locale.ROOT,
                "one layer of %s, %s, one thread, %d cells, %d positions; peak %.0f GFLOP/s%n",
                args[0],
                precision.word(),
                cells.cells(),
                cells.positions(),
                peak * 1e-9);
        Native.runWithoutGradient(() -> new LayerProfile(config, precision, cells.positions()).run(cells, peak));
    }

    private void run(CellSequences cells, double peak) {
        ScalarType stored = precision.stored();
        ScalarType product = precision.product();
        long dim = config.dim();
        long inner = config.inner();
        long hidden = config.hidden();
        Tensor x = torch.randn(rows, dim).to(stored);
        Tensor scale = torch.ones(dim).to(stored);
        part(
                "norm, in the product format",
                0,
                peak,
                () -> torch.layer_norm(
                                x,
                                new long[] {dim},
                                new TensorOptional(scale),
                                new TensorOptional(scale),
                                EPSILON,
                                true)
                        .to(product));
        part("queries, keys, values", 6.0 * rows * dim * inner, peak, product(dim, inner, 3));
        SequenceLayout layout =
                SequenceLayout.of(cells, PaddingMode.NONE, config.maxLength()).rounded();
        Tensor[] operands = new Tensor[3];
        for (int i = 0; i < operands.length; i++) {
            operands[i] = torch.randn(layout.rows(), inner).to(product);
        }
        FavorAttention attention = new FavorAttention(
                config.heads(),
                config.headDim(),
                config.randomFeatures(),
                precision == Precision.BFLOAT16 ? Format.BFLOAT16 : Format.FLOAT32,
                precision != Precision.FLOAT64);
        Tensor directions =
                torch.randn(config.randomFeatures(), config.headDim()).to(stored);
        part(
                "attention",
                8.0 * rows * inner * config.randomFeatures(),
                peak,
                () -> attention.attend(operands[0], operands[1], operands[2], directions, layout, null));
        attention.close();
        part("product behind it", 2.0 * rows * dim * inner, peak, product(inner, dim, 1));
        part("first product of the block", 2.0 * rows * dim * hidden, peak, product(dim, hidden, 1));
        Tensor wide = torch.randn(rows, hidden).to(product);
        part("GELU", 0, peak, () -> torch.gelu(wide));
        part("second product of the block", 2.0 * rows * dim * hidden, peak, product(hidden, dim, 1));
        Tensor added = torch.randn(rows, dim).to(product);
        part("residual, in the stored format", 0, peak, () -> x.add(added.to(stored)));
        System.out.printf(Locale.ROOT, "%-32s %8.1f ms%n", "sum (norm and residual stand twice)", total * 1e3);
    }

    private Runnable product(long from, long to, int times) {
        Tensor input = torch.randn(rows, from).to(precision.product());
        Tensor weight = torch.randn(to, from).to(precision.stored());
        return () -> {
            for (int i = 0; i < times; i++) {
                torch.linear(input, weight.to(precision.product()), new TensorOptional());
            }
        };
    }

    private void part(String what, double flops, double peak, Runnable work) {
        double seconds = EncoderBenchmark.best(() -> Native.runWithoutGradient(work));
        total += flops == 0 && !what.equals("GELU") ? 2 * seconds : seconds;
        if (flops == 0) {
            System.out.printf(Locale.ROOT, "%-32s %8.1f ms%n", what, seconds * 1e3);
        } else {
            System.out.printf(
                    Locale.ROOT,
                    "%-32s %8.1f ms %7.0f GFLOP/s %5.1f%% of peak%n",
                    what,
                    seconds * 1e3,
                    flops / seconds * 1e-9,
                    100 * flops / seconds / peak);
        }
    }
}
