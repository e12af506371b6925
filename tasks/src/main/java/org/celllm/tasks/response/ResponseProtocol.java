package org.celllm.tasks.response;

import java.util.ArrayList;
import java.util.List;
import org.celllm.data.progress.Progress;

/**
 * Scores methods on the same splits of one kind, one split a seed.
 *
 * @param kind what is unseen
 * @param splits at least one; the place of a split is the seed of what is random in the methods
 */
public record ResponseProtocol(SplitKind kind, List<ResponseSplit> splits) {
    public ResponseProtocol {
        splits = List.copyOf(splits);
        if (splits.isEmpty() || splits.stream().anyMatch(split -> split.kind() != kind)) {
            throw new IllegalArgumentException("a protocol without splits, or with those of another kind");
        }
    }

    /** Splits for the seeds {@code 0 … seeds − 1}. */
    public static ResponseProtocol of(DrugResponses responses, SplitKind kind, int seeds) {
        return new ResponseProtocol(kind, ResponseSplits.of(responses, kind, seeds));
    }

    /**
     * Runs every method on every split.
     *
     * @param methods the first is the one that the others are compared with
     */
    public ResponseEvaluation run(ResponseData data, List<ResponseMethod> methods, Progress progress) {
        List<ResponseMethodScores> scores = new ArrayList<>();
        try (Progress.Task task = progress.start(
                "Evaluating: " + kind.description() + " × " + splits.size() + (splits.size() == 1 ? " seed" : " seeds"),
                "fits",
                (long) splits.size() * methods.size())) {
            for (ResponseMethod method : methods) {
                task.note(method.name());
                List<ResponseScores> byTrial = new ArrayList<>();
                long started = System.nanoTime();
                for (int seed = 0; seed < splits.size(); seed++) {
                    ResponseSplit split = splits.get(seed);
                    byTrial.add(ResponseScores.of(data, split, method.predict(data, split, seed)));
                    task.advance(1);
                }
                scores.add(new ResponseMethodScores(method.name(), byTrial, (System.nanoTime() - started) / 1e9));
            }
        }
        int tested = splits.stream().mapToInt(split -> split.test().length).sum();
        return new ResponseEvaluation(kind, splits.size(), tested, scores);
    }
}
