package org.celllm.bench;

import java.util.Locale;
import org.bytedeco.javacpp.PointerScope;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.TensorOptions;
import org.bytedeco.pytorch.global.torch;
import org.celllm.network.runtime.ResidentMemory;
import org.celllm.network.runtime.Workers;
import org.celllm.training.memory.Bytes;
import org.celllm.training.objective.Contrast;
import org.celllm.training.objective.ContrastiveLoss;
import org.celllm.training.objective.Pairs;

/**
 * What the contrastive loss over a batch takes by itself: time beside that of plain products, and the highest resident
 * memory beyond the embeddings.
 *
 * <pre>ContrastBenchmark infonce|siglip BATCH WIDTH [THREADS]</pre>
 */
public final class ContrastBenchmark {
    private ContrastBenchmark() {}

    /** Runs one configuration and prints one line. */
    public static void main(String[] args) {
        Contrast.Kind kind = Contrast.Kind.valueOf(args[0].toUpperCase(Locale.ROOT));
        int batch = Integer.parseInt(args[1]);
        int width = Integer.parseInt(args[2]);
        int threads = args.length > 3 ? Integer.parseInt(args[3]) : 2;
        try (PointerScope scope = new PointerScope();
                Workers workers = new Workers(threads)) {
            torch.manual_seed(1);
            Tensor first = unit(batch, width);
            Tensor second = unit(batch, width);
            double products = productsPerSecond(first, second, workers);
            ResidentMemory.giveBack();
            long before = ResidentMemory.current();
            ResidentMemory.resetPeak();
            long start = System.nanoTime();
            double loss;
            try (ContrastiveLoss.Result result =
                    kind.loss().lossAndGradient(new Pairs(first, second, 10, 0, null), workers)) {
                loss = result.loss();
            }
            double seconds = (System.nanoTime() - start) * 1e-9;
            long beyond = ResidentMemory.peak().orElseThrow() - before;
            double operations = (kind == Contrast.Kind.INFONCE ? 8.0 : 6.0) * batch * batch * width;
            System.out.printf(
                    Locale.ROOT,
                    "%s, %d cells × %d, %d threads: %.2f s, %s beyond the embeddings (counted on: %s), %.0f GFLOP/s, plain"
                            + " products %.0f GFLOP/s, loss %.4f (ln B %.4f)%n",
                    args[0],
                    batch,
                    width,
                    threads,
                    seconds,
                    Bytes.of(beyond),
                    Bytes.of(ContrastiveLoss.workingBytes(batch, width, threads, Float.BYTES)),
                    operations / seconds * 1e-9,
                    products * 1e-9,
                    loss,
                    Math.log(batch));
        }
    }

    private static Tensor unit(int batch, int width) {
        Tensor rows = torch.randn(new long[] {batch, width}, new TensorOptions(torch.ScalarType.Float));
        return rows.div(rows.mul(rows).sum(new long[] {1}, true, null).sqrt());
    }

    /** Operations of products of 1,024 rows with as many, all workers at once. */
    private static double productsPerSecond(Tensor first, Tensor second, Workers workers) {
        int rows = (int) Math.min(1024, first.size(0));
        int times = 40;
        long start = System.nanoTime();
        workers.run(workers.count(), times * workers.count(), (worker, piece) -> {
            try (PointerScope scope = new PointerScope()) {
                first.narrow(0, 0, rows).matmul(second.narrow(0, 0, rows).t());
            }
        });
        return 2.0 * rows * rows * first.size(1) * times * workers.count() / ((System.nanoTime() - start) * 1e-9);
    }
}
