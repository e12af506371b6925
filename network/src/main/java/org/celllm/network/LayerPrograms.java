package org.celllm.network;

import java.util.HashMap;
import java.util.Map;
import org.celllm.network.onednn.Copies;
import org.celllm.network.onednn.Copies.Way;
import org.celllm.network.onednn.OneDnn;
import org.celllm.network.onednn.Product;
import org.celllm.network.onednn.Product.Finish;
import org.celllm.network.onednn.Program;
import org.celllm.network.onednn.RowOperations;
import org.celllm.network.onednn.Strided;
import org.celllm.network.onednn.Strided.Format;

/**
 * The operations of a layer but its attention, by their number of rows; prepared when first asked for. Weights lie as they are
 * stored, [to, from].
 */
final class LayerPrograms implements AutoCloseable {
    private final NetworkConfig config;
    private final Format format;
    private final OneDnn library = new OneDnn();
    private final Map<Key, Program> programs = new HashMap<>();

    /** What is computed; dimensions are rows unless they are said. */
    enum Kind {
        /** LayerNorm, into the format of the operands. */
        NORM,
        /** The same, with mean and variance. */
        NORM_WITH_STATISTICS,
        /** Queries, keys and values, or some of them. */
        IN,
        /** Behind the attention, added to the residual stream. */
        OUT,
        /** The same, where the sum goes elsewhere: the residual stream is the last operand. */
        OUT_PLUS,
        /** To the hidden width, with its GELU. */
        WIDEN_AND_GELU,
        /** To the hidden width. */
        WIDEN,
        /** GELU of the hidden width. */
        GELU,
        /** Back to the residual stream, and added to it. */
        NARROW,
        /** The same, where the sum goes elsewhere: the residual stream is the last operand. */
        NARROW_PLUS,
        /** 32-bit floats of the residual stream, as operands. */
        OPERANDS,
        /** Gradient of the residual stream from that of a norm. */
        NORM_GRADIENT,
        /** Adds the sums over the rows of hidden activations: ones, activations, sums. */
        HIDDEN_SUMS,
        /** Gradient of GELU's argument. */
        GELU_GRADIENT,
        /** Gradient of the hidden activations. */
        HIDDEN_GRADIENT,
        /** Gradient of the second norm's result. */
        WIDENED_GRADIENT,
        /** Gradient of what the attention gave. */
        ATTENDED_GRADIENT,
        /** Gradient of the first norm's result, from those of as many as {@link #IN} makes. */
        NORMED_GRADIENT,
        /** Adds to the gradient of the narrowing weight. */
        NARROW_WEIGHT,
        /** Adds to the gradient of the widening weight. */
        WIDEN_WEIGHT,
        /** Adds to the gradient of the weight behind the attention. */
        OUT_WEIGHT,
        /** Adds to the gradient of the weights of what {@link #IN} makes. */
        IN_WEIGHT
    }

    private record Key(Kind kind, int rows, int thirds) {}

    /** @param format of the operands of the large products */
    LayerPrograms(NetworkConfig config, Format format) {
        this.config = config;
        this.format = format;
    }

    /**
     * Whether the library is there and has fast code for the layers of a network; where not, they are to be computed another
     * way.
     */
    static boolean areFast(NetworkConfig config, Format format) {
        return OneDnn.isFast(() -> new LayerPrograms(config, format), programs -> {
            for (Kind kind : Kind.values()) {
                for (int thirds = 1; thirds <= 3; thirds++) {
                    programs.of(kind, FusedLayers.BLOCK, thirds);
                }
            }
        });
    }

    /** The operation for so many rows; of queries, keys and values together. */
    Program of(Kind kind, int rows) {
        return of(kind, rows, 3);
    }

    /**
     * The operation for so many rows.
     *
     * @param thirds how many of queries, keys and values lie side by side; counts for what has to do with them
     */
    Program of(Kind kind, int rows, int thirds) {
        int counted = kind == Kind.IN || kind == Kind.NORMED_GRADIENT || kind == Kind.IN_WEIGHT ? thirds : 3;
        return programs.computeIfAbsent(new Key(kind, rows, counted), key -> prepare(kind, rows, counted));
    }

    private Program prepare(Kind kind, int rows, int thirds) {
        int dim = config.dim();
        int inner = config.inner();
        int hidden = config.hidden();
        return switch (kind) {
            case NORM -> RowOperations.norm(library, format, rows, dim, EncoderLayer.EPSILON, false);
            case NORM_WITH_STATISTICS -> RowOperations.norm(library, format, rows, dim, EncoderLayer.EPSILON, true);
            case NORM_GRADIENT -> RowOperations.normGradient(library, rows, dim, EncoderLayer.EPSILON);
            case OPERANDS ->
                Copies.of(library, Strided.rows(Format.FLOAT32, rows, dim), Strided.rows(format, rows, dim), Way.PLAIN);
            case GELU -> RowOperations.gelu(library, format, rows, hidden);
            case GELU_GRADIENT -> RowOperations.geluGradient(library, format, rows, hidden);
            default -> product(kind, rows, dim, thirds * inner).prepare(library);
        };
    }

    private Product product(Kind kind, int rows, int dim, int in) {
        int inner = config.inner();
        int hidden = config.hidden();
        return switch (kind) {
            case IN -> in(rows, in);
            case OUT -> linear(rows, inner, dim, Format.FLOAT32).bias().then(Finish.ACCUMULATE);
            case OUT_PLUS -> linear(rows, inner, dim, Format.FLOAT32).bias().then(Finish.PLUS);
            case NARROW_PLUS -> linear(rows, hidden, dim, Format.FLOAT32).bias().then(Finish.PLUS);
            case HIDDEN_SUMS ->
                Product.of(
                                Strided.rows(format, 1, rows),
                                Strided.rows(format, rows, hidden),
                                Strided.rows(Format.FLOAT32, 1, hidden))
                        .then(Finish.ACCUMULATE);
            case WIDEN_AND_GELU -> linear(rows, dim, hidden, format).bias().then(Finish.GELU);
            case WIDEN -> linear(rows, dim, hidden, format).bias();
            case NARROW -> linear(rows, hidden, dim, Format.FLOAT32).bias().then(Finish.ACCUMULATE);
            case HIDDEN_GRADIENT -> back(rows, dim, hidden, format);
            case WIDENED_GRADIENT -> back(rows, hidden, dim, Format.FLOAT32);
            case ATTENDED_GRADIENT -> back(rows, dim, inner, format);
            case NORMED_GRADIENT -> back(rows, in, dim, Format.FLOAT32);
            case NARROW_WEIGHT -> weight(rows, dim, hidden);
            case WIDEN_WEIGHT -> weight(rows, hidden, dim);
            case OUT_WEIGHT -> weight(rows, dim, inner);
            case IN_WEIGHT -> weight(rows, in, dim);
            default -> throw new IllegalArgumentException(kind + " is no product");
        };
    }

    private Product in(int rows, int width) {
        Product product = linear(rows, config.dim(), width, format);
        return config.qkvBias() ? product.bias() : product;
    }

    /** x · weightᵀ. */
    private Product linear(int rows, int from, int to, Format into) {
        Strided weight = new Strided(format, new long[] {from, to}, new long[] {1, from});
        return Product.of(Strided.rows(format, rows, from), weight, Strided.rows(into, rows, to));
    }

    /** gradient · weight. */
    private Product back(int rows, int to, int from, Format into) {
        return Product.of(
                Strided.rows(format, rows, to), Strided.rows(format, to, from), Strided.rows(into, rows, from));
    }

    /** weight gradient + gradientᵀ · x. */
    private Product weight(int rows, int to, int from) {
        Strided transposed = new Strided(format, new long[] {to, rows}, new long[] {1, to});
        return Product.of(transposed, Strided.rows(format, rows, from), Strided.rows(Format.FLOAT32, to, from))
                .then(Finish.ACCUMULATE);
    }

    @Override
    public void close() {
        programs.values().forEach(Program::close);
        programs.clear();
        library.close();
    }
}
