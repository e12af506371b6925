package org.celllm.tasks.response;

import org.celllm.tasks.metrics.Interval;

/** What is measured of predictions. Errors are better when lower, all else when higher. */
public enum ResponseMeasure {
    /** Pearson's correlation over all test pairs. */
    PEARSON("pearson", "Pearson", -1, 1),
    /** Spearman's correlation over all test pairs. */
    SPEARMAN("spearman", "Spearman", -1, 1),
    /** Root of the mean squared error over all test pairs, in units of ln IC50. */
    RMSE("rmse", "RMSE", 0, Double.POSITIVE_INFINITY),
    /** Pearson's correlation over the lines of a drug, the mean over drugs. */
    WITHIN_DRUGS("pearsonWithinDrugs", "within drugs", -1, 1),
    /** Pearson's correlation over the drugs of a line, the mean over lines. */
    WITHIN_LINES("pearsonWithinLines", "within lines", -1, 1),
    /** Area under the ROC curve over all test pairs whose drug has a threshold, by how far below it they are. */
    AUROC("auroc", "AUROC", 0, 1),
    /** Area under the ROC curve over the lines of a drug, the mean over drugs with both classes. */
    AUROC_WITHIN_DRUGS("aurocWithinDrugs", "AUROC within drugs", 0, 1),
    /** Share of the test pairs that are predicted on the right side of their drug's threshold. */
    ACCURACY("accuracy", "accuracy", 0, 1);

    private final String word;
    private final String title;
    private final double least;
    private final double most;

    ResponseMeasure(String word, String title, double least, double most) {
        this.word = word;
        this.title = title;
        this.least = least;
        this.most = most;
    }

    /** Mean and interval over some values. */
    Interval over(double[] values) {
        return Interval.of(values).within(least, most);
    }

    /** In JSON. */
    public String word() {
        return word;
    }

    /** Above a column. */
    public String title() {
        return title;
    }
}
