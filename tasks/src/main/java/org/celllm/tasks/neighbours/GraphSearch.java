package org.celllm.tasks.neighbours;

import io.github.jbellis.jvector.graph.GraphIndexBuilder;
import io.github.jbellis.jvector.graph.GraphSearcher;
import io.github.jbellis.jvector.graph.ImmutableGraphIndex;
import io.github.jbellis.jvector.graph.ListRandomAccessVectorValues;
import io.github.jbellis.jvector.graph.RandomAccessVectorValues;
import io.github.jbellis.jvector.graph.SearchResult;
import io.github.jbellis.jvector.graph.similarity.BuildScoreProvider;
import io.github.jbellis.jvector.graph.similarity.DefaultSearchScoreProvider;
import io.github.jbellis.jvector.util.Bits;
import io.github.jbellis.jvector.vector.VectorSimilarityFunction;
import io.github.jbellis.jvector.vector.VectorizationProvider;
import io.github.jbellis.jvector.vector.types.VectorFloat;
import io.github.jbellis.jvector.vector.types.VectorTypeSupport;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.ForkJoinPool;
import java.util.logging.Level;
import java.util.logging.Logger;
import org.celllm.data.progress.Progress;
import org.celllm.network.runtime.Workers;

/**
 * Searches graphs of near vectors (hierarchical navigable small worlds; Malkov and Yashunin, IEEE TPAMI 2020, as JVector has
 * them), which visits a few hundred vectors instead of all and misses a neighbour now and then.
 *
 * <p>The reference is divided into pieces of {@value #PIECE} vectors with a graph each: pieces are built side by side, each
 * by one thread, so the graphs and what they find do not depend on the number of threads.
 */
public final class GraphSearch implements NeighbourSearch {
    private static final int PIECE = 50_000;
    private static final int DEGREE = 32;
    private static final int BUILD_BEAM = 100;
    private static final float OVERFLOW = 1.2f;
    private static final float DIVERSITY = 1.2f;

    /** Candidates looked at a query and graph, at least: recall grows with it, and time. */
    private static final int SEARCH_BEAM = 120;

    /** JVector says on every start which instructions it would like to have; held here, as loggers are held weakly. */
    private static final Logger NOTICES = Logger.getLogger("io.github.jbellis.jvector");

    static {
        NOTICES.setLevel(Level.SEVERE);
    }

    private final UnitVectors reference;
    private final Workers workers;
    private final List<Piece> pieces;

    private record Piece(int first, RandomAccessVectorValues vectors, ImmutableGraphIndex graph) {}

    private GraphSearch(UnitVectors reference, Workers workers, List<Piece> pieces) {
        this.reference = reference;
        this.workers = workers;
        this.pieces = List.copyOf(pieces);
    }

    /** Builds the graphs. */
    public static GraphSearch build(UnitVectors reference, Workers workers, Progress progress) {
        int count = (reference.size() + PIECE - 1) / PIECE;
        Piece[] built = new Piece[count];
        try (Progress.Task task = progress.start("Building the index", "cells", reference.size())) {
            workers.run(Math.max(1, Math.min(workers.count(), count)), count, (worker, i) -> {
                int first = i * PIECE;
                built[i] = piece(reference, first, Math.min(reference.size(), first + PIECE), task);
            });
        }
        return new GraphSearch(reference, workers, Arrays.asList(built));
    }

    @Override
    public String word() {
        return "hnsw";
    }

    @Override
    public Nearest nearest(UnitVectors queries, int k) {
        int kept = Math.min(k, reference.size());
        int[] rows = new int[Math.multiplyExact(queries.size(), kept)];
        float[] cosines = new float[rows.length];
        int active = Math.min(workers.count(), queries.size());
        if (active > 0) {
            workers.run(active, active, (worker, part) -> {
                try {
                    search(queries, part, active, kept, rows, cosines);
                } catch (IOException e) {
                    throw new UncheckedIOException(e);
                }
            });
        }
        return new Nearest(kept, rows, cosines);
    }

    /** Every {@code step}-th query from {@code first} on. */
    private void search(UnitVectors queries, int first, int step, int k, int[] rows, float[] cosines)
            throws IOException {
        List<GraphSearcher> searchers = new ArrayList<>();
        try {
            pieces.forEach(piece -> searchers.add(new GraphSearcher(piece.graph())));
            for (int query = first; query < queries.size(); query += step) {
                ShortList found = new ShortList(k);
                VectorFloat<?> asked = vector(queries.rows()[query]);
                for (int p = 0; p < searchers.size(); p++) {
                    Piece piece = pieces.get(p);
                    int wanted = Math.min(k, piece.vectors().size());
                    SearchResult result = searchers
                            .get(p)
                            .search(
                                    DefaultSearchScoreProvider.exact(
                                            asked, VectorSimilarityFunction.DOT_PRODUCT, piece.vectors()),
                                    wanted,
                                    Math.max(SEARCH_BEAM, 2 * wanted),
                                    0,
                                    0,
                                    Bits.ALL);
                    for (SearchResult.NodeScore node : result.getNodes()) {
                        int row = piece.first() + node.node;
                        found.offer(row, reference.cosine(row, queries.rows()[query]));
                    }
                }
                found.settle(reference, queries.rows()[query], k, rows, cosines, query * k);
            }
        } finally {
            for (GraphSearcher searcher : searchers) {
                searcher.close();
            }
        }
    }

    private static Piece piece(UnitVectors reference, int first, int last, Progress.Task task) {
        List<VectorFloat<?>> rows = new ArrayList<>(last - first);
        for (int row = first; row < last; row++) {
            rows.add(vector(reference.rows()[row]));
        }
        RandomAccessVectorValues vectors = new ListRandomAccessVectorValues(rows, reference.dim());
        // The library tidies a graph in a pool: one thread, so that the graph is the same every time.
        ForkJoinPool pool = new ForkJoinPool(1);
        try (GraphIndexBuilder builder = GraphIndexBuilder.builder(
                        BuildScoreProvider.randomAccessScoreProvider(vectors, VectorSimilarityFunction.DOT_PRODUCT),
                        reference.dim(),
                        List.of(DEGREE, DEGREE))
                .withBeamWidth(BUILD_BEAM)
                .withNeighborOverflow(OVERFLOW)
                .withAlpha(DIVERSITY)
                .withSimdExecutor(pool)
                .withParallelExecutor(pool)
                .build()) {
            for (int i = 0; i < rows.size(); i++) {
                builder.addGraphNode(i, rows.get(i));
                task.advance(1);
            }
            builder.cleanup();
            return new Piece(first, vectors, builder.getGraph());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } finally {
            pool.shutdown();
        }
    }

    private static VectorFloat<?> vector(float[] row) {
        VectorTypeSupport types = VectorizationProvider.getInstance().getVectorTypeSupport();
        return types.createFloatVector(row);
    }
}
