package org.celllm.tasks.response.model;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import org.celllm.data.InputException;
import org.celllm.network.runtime.Workers;
import org.celllm.tasks.response.DrugResponses;
import org.celllm.tasks.response.NamedFeatures;
import org.celllm.tasks.response.ResponseData;
import org.jspecify.annotations.Nullable;

/**
 * The wide path: a Gaussian process over pairs, whose covariance is how alike the lines are times how the drugs' responses go
 * together (Bonilla, Chai and Williams, Multi-task Gaussian Process Prediction, NIPS 2007, equation 1). The second is learned
 * from the responses ({@link DrugCovariance}); an unseen drug's is made up from those of drugs with like features
 * ({@link DrugSimilarity}). Validation pairs choose the form of the {@link LineKernel} and whether all tables of the lines count
 * or expression alone; the trained drugs choose how much their likeness tells, each predicted from the others.
 */
record PairProcess() implements ResponsePath<PairProcess.Choice> {
    private static final double[] SAME = {0.7, 0.9, 0.5, 0.3, 0.15};

    /** What tables other than expression weigh beside its 1: they tell less of a line. */
    private static final double OTHERS = 0.3;

    /** Above so many drugs the covariance of each with each is too much to learn. */
    private static final int MOST_DRUGS = 1500;

    /**
     * What validation pairs choose.
     *
     * @param shape of the lines' kernel
     * @param others what tables other than expression weigh
     * @param same the share of the lines' kernel that only the same line has
     */
    record Choice(LineKernel.Shape shape, double others, double same) {}

    @Override
    public String name() {
        return "wide path (Gaussian process)";
    }

    @Override
    public Fitted<Choice> fit(ResponseData data, int[] train, int[] validation, long seed, Workers workers) {
        Measured measured = measured(data, train);
        DrugCovariance drugs = DrugCovariance.learn(measured.responses(), workers);
        @Nullable DrugSimilarity similarity = similarity(data, measured, drugs);
        ResponseQuery query = ResponseQuery.of(data);
        List<Choice> tried = new ArrayList<>();
        List<Double> errors = new ArrayList<>();
        double start = SAME[0];
        for (LineKernel.Shape shape : LineKernel.Shape.values()) {
            for (double others : data.lines().all().size() > 1 ? new double[] {0, OTHERS} : new double[] {0}) {
                tried.add(new Choice(shape, others, start));
            }
        }
        // One setting after the other: each keeps the best of those before.
        score(data, measured, drugs, similarity, tried, errors, query, validation);
        Choice best = best(tried, errors);
        for (int i = 1; i < SAME.length; i++) {
            tried.add(new Choice(best.shape(), best.others(), SAME[i]));
        }
        score(data, measured, drugs, similarity, tried, errors, query, validation);
        best = best(tried, errors);
        return new Fitted<>(trained(data, measured, drugs, similarity, best), best);
    }

    @Override
    public TrainedPairProcess fit(ResponseData data, int[] train, Choice choice, long seed, Workers workers) {
        Measured measured = measured(data, train);
        DrugCovariance drugs = DrugCovariance.learn(measured.responses(), workers);
        return trained(data, measured, drugs, similarity(data, measured, drugs), choice);
    }

    private static @Nullable DrugSimilarity similarity(ResponseData data, Measured measured, DrugCovariance drugs) {
        DrugKernel kernel = DrugKernel.of(data, measured.drugs());
        return kernel == null ? null : DrugSimilarity.tuned(kernel, drugs.mean());
    }

    private static Measured measured(ResponseData data, int[] train) {
        Measured measured = Measured.of(data.responses(), train);
        if (measured.drugs().length > MOST_DRUGS) {
            throw InputException.about("the responses")
                    .found(measured.drugs().length + " drugs")
                    .expected("at most " + MOST_DRUGS + ", whose covariance can be learned")
                    .remedy("Fit some of the drugs, or `celllm evaluate response --only-baselines`")
                    .build();
        }
        return measured;
    }

    private static void score(
            ResponseData data,
            Measured measured,
            DrugCovariance drugs,
            @Nullable DrugSimilarity similarity,
            List<Choice> tried,
            List<Double> errors,
            ResponseQuery query,
            int[] validation) {
        DrugResponses responses = data.responses();
        for (int i = errors.size(); i < tried.size(); i++) {
            double[][] predicted =
                    trained(data, measured, drugs, similarity, tried.get(i)).predict(query);
            double error = 0;
            for (int pair : validation) {
                double miss = predicted[responses.line()[pair]][responses.drug()[pair]]
                        - responses.lnIc50()[pair];
                error += miss * miss;
            }
            errors.add(error);
        }
    }

    private static Choice best(List<Choice> tried, List<Double> errors) {
        int best = 0;
        for (int i = 1; i < tried.size(); i++) {
            best = errors.get(i) < errors.get(best) ? i : best;
        }
        return tried.get(best);
    }

    private static TrainedPairProcess trained(
            ResponseData data,
            Measured measured,
            DrugCovariance drugs,
            @Nullable DrugSimilarity similarity,
            Choice choice) {
        List<NamedFeatures> tables = data.lines().all();
        double[] weights = new double[tables.size()];
        for (int t = 0; t < weights.length; t++) {
            weights[t] = t == 0 ? 1 : choice.others();
        }
        LineFeatures features = LineFeatures.of(tables, measured.lines(), weights);
        double[][] all = features.rows(tables);
        double[][] rows = new double[measured.lines().length][];
        int[] itself = new int[rows.length];
        for (int i = 0; i < rows.length; i++) {
            rows[i] = all[measured.lines()[i]];
            itself[i] = i;
        }
        List<String> drugNames = measured.drugNames(data.responses());
        LineKernel kernel = LineKernel.of(choice.shape(), choice.same(), rows);
        double[] weightsOfPairs = PairSystem.solve(
                measured.less(drugs.mean()),
                measured.mask(),
                kernel.between(rows, rows, itself),
                drugs.covariance(),
                drugs.noise());
        return new TrainedPairProcess(
                features,
                kernel,
                measured.lineNames(data.responses()),
                rows,
                drugNames,
                drugs,
                similarity,
                weightsOfPairs,
                described(choice, similarity));
    }

    private static String described(Choice choice, @Nullable DrugSimilarity similarity) {
        return String.format(
                Locale.ROOT,
                "%s kernel of the lines, %s, %.0f%% by the line itself%s",
                choice.shape().name().toLowerCase(Locale.ROOT),
                choice.others() == 0 ? "expression alone" : "all tables",
                100 * choice.same(),
                similarity == null
                        ? ""
                        : String.format(Locale.ROOT, "; ridge on the likeness of drugs %.2f", similarity.penalty()));
    }
}
