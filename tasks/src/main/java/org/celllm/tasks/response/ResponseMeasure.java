package org.celllm.tasks.response;

/** What is measured of predictions. Errors are better when lower, all else when higher. */
public enum ResponseMeasure {
    /** Pearson's correlation over all test pairs. */
    PEARSON("pearson", "Pearson"),
    /** Spearman's correlation over all test pairs. */
    SPEARMAN("spearman", "Spearman"),
    /** Root of the mean squared error over all test pairs, in units of ln IC50. */
    RMSE("rmse", "RMSE"),
    /** Pearson's correlation over the lines of a drug, the mean over drugs. */
    WITHIN_DRUGS("pearsonWithinDrugs", "within drugs"),
    /** Pearson's correlation over the drugs of a line, the mean over lines. */
    WITHIN_LINES("pearsonWithinLines", "within lines"),
    /** Area under the ROC curve over all test pairs whose drug has a threshold, by how far below it they are. */
    AUROC("auroc", "AUROC"),
    /** Area under the ROC curve over the lines of a drug, the mean over drugs with both classes. */
    AUROC_WITHIN_DRUGS("aurocWithinDrugs", "AUROC within drugs"),
    /** Share of the test pairs that are predicted on the right side of their drug's threshold. */
    ACCURACY("accuracy", "accuracy");

    private final String word;
    private final String title;

    ResponseMeasure(String word, String title) {
        this.word = word;
        this.title = title;
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
