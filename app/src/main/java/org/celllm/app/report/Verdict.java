package org.celllm.app.report;

import com.fasterxml.jackson.annotation.JsonValue;
import org.celllm.app.report.ReportPage.Score;

/** What the 95% interval of a paired difference says. */
public enum Verdict {
    /** The whole interval is above zero. */
    WON("won"),
    /** The whole interval is below zero. */
    LOST("lost"),
    /** The interval holds zero, or a single run has none. */
    UNDECIDED("undecided"),
    /** There is no model, no baseline, or nothing of which more is better. */
    NOT_COMPARED("not compared");

    private final String word;

    Verdict(String word) {
        this.word = word;
    }

    /** As tables and JSON have it. */
    @JsonValue
    public String word() {
        return word;
    }

    /**
     * The verdict.
     *
     * @param ahead how far the model is ahead of a baseline over the same splits
     */
    public static Verdict of(Score ahead) {
        Double low = ahead.low();
        Double high = ahead.high();
        if (low == null || high == null) {
            return ahead.mean() == null ? NOT_COMPARED : UNDECIDED;
        }
        if (low > 0) {
            return WON;
        }
        return high < 0 ? LOST : UNDECIDED;
    }
}
