package org.celllm.app.report;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What a report shows, top to bottom; an empty list or {@code null} leaves its section out.
 *
 * @param title the heading
 * @param subtitle one line below it
 * @param lead a sentence over the summary
 * @param facts the figures of the summary
 * @param leaderboard evaluations below each other
 * @param tables what was read and from where
 * @param panels curves over the steps of training
 * @param map the cells in two dimensions
 * @param scores methods beside each other
 * @param confusions confusion matrices
 * @param isotropy how embeddings spread over the space
 * @param histograms how numbers of cells or genes are spread
 * @param settings what would be needed to run it again
 * @param footer the last line
 */
public record ReportPage(
        String title,
        String subtitle,
        String lead,
        List<Fact> facts,
        @Nullable Leaderboard leaderboard,
        List<DataTable> tables,
        List<CurvePanel> panels,
        @Nullable CellMap map,
        List<ScoreBoard> scores,
        List<Confusion> confusions,
        @Nullable IsotropyPlots isotropy,
        List<Histogram> histograms,
        List<Settings> settings,
        String footer) {
    public ReportPage {
        facts = List.copyOf(facts);
        tables = List.copyOf(tables);
        panels = List.copyOf(panels);
        scores = List.copyOf(scores);
        confusions = List.copyOf(confusions);
        histograms = List.copyOf(histograms);
        settings = List.copyOf(settings);
    }

    /** A page without leaderboard, isotropy and histograms. */
    public ReportPage(
            String title,
            String subtitle,
            String lead,
            List<Fact> facts,
            List<DataTable> tables,
            List<CurvePanel> panels,
            @Nullable CellMap map,
            List<ScoreBoard> scores,
            List<Confusion> confusions,
            List<Settings> settings,
            String footer) {
        this(
                title,
                subtitle,
                lead,
                facts,
                null,
                tables,
                panels,
                map,
                scores,
                confusions,
                null,
                List.of(),
                settings,
                footer);
    }

    /**
     * One figure of the summary.
     *
     * @param label what it is
     * @param value the figure with its unit
     * @param note a few words below, or empty
     */
    public record Fact(String label, String value, String note) {}

    /**
     * A table.
     *
     * @param title its heading
     * @param note a sentence below the heading, or empty
     * @param header one title a column
     * @param rows [rows][columns]
     */
    public record DataTable(String title, String note, List<String> header, List<List<String>> rows) {
        public DataTable {
            for (List<String> row : rows) {
                if (row.size() != header.size()) {
                    throw new IllegalArgumentException(
                            "a row of " + title + " has " + row.size() + " cells under " + header.size() + " titles");
                }
            }
        }
    }

    /**
     * Curves that share an axis.
     *
     * @param title its heading
     * @param note a sentence below the heading, or empty
     * @param unit what the vertical axis counts
     * @param curves at least one
     */
    public record CurvePanel(String title, String note, String unit, List<Curve> curves) {}

    /**
     * One curve.
     *
     * @param name for the legend
     * @param dashed whether it is a line to compare with rather than a result
     * @param steps [points] ascending
     * @param values [points] {@code null} where there is none
     */
    public record Curve(String name, boolean dashed, List<Long> steps, List<@Nullable Double> values) {
        public Curve {
            if (steps.size() != values.size()) {
                throw new IllegalArgumentException(
                        "curve " + name + " has " + steps.size() + " steps and " + values.size() + " values");
            }
        }
    }

    /**
     * Cells in two dimensions.
     *
     * @param note how the map was made
     * @param x [cells]
     * @param y [cells]
     * @param colourings what the points can be coloured by; the first is shown
     */
    public record CellMap(String note, float[] x, float[] y, List<Colouring> colourings) {
        public CellMap {
            if (x.length != y.length) {
                throw new IllegalArgumentException("a map of " + x.length + " by " + y.length + " places");
            }
        }
    }

    /**
     * One column of the cells of a map: categories with codes, or values.
     *
     * @param name of the column
     * @param categories the distinct labels, or {@code null} for a column of numbers
     * @param codes [cells] index into {@code categories}, −1 for missing; {@code null} for a column of numbers
     * @param values [cells] the numbers, {@code null} where missing; {@code null} for a column of labels
     */
    public record Colouring(
            String name,
            @Nullable List<String> categories,
            int @Nullable [] codes,
            @Nullable List<@Nullable Double> values) {}

    /**
     * Methods beside each other.
     *
     * @param title its heading
     * @param note on which cells, how many seeds, what the interval is
     * @param metrics names of the columns
     * @param shown the metrics that are drawn, each in a chart
     * @param methods at least one
     */
    public record ScoreBoard(
            String title, String note, List<String> metrics, List<Integer> shown, List<MethodScores> methods) {
        public ScoreBoard {
            shown = List.copyOf(shown);
            for (MethodScores method : methods) {
                if (method.scores().size() != metrics.size()) {
                    throw new IllegalArgumentException(method.name() + " lacks a score");
                }
            }
        }
    }

    /**
     * The scores of a method.
     *
     * @param name of the method
     * @param model whether it is ours rather than a baseline
     * @param scores one a metric
     */
    public record MethodScores(String name, boolean model, List<Score> scores) {}

    /**
     * A score with its 95% interval, which is {@code null} when there was one run only.
     *
     * @param mean over the runs
     * @param low of the interval
     * @param high of the interval
     */
    public record Score(
            @Nullable Double mean,
            @Nullable Double low,
            @Nullable Double high) {}

    /**
     * A confusion matrix.
     *
     * @param title its heading
     * @param note on which cells, or empty
     * @param rows true classes
     * @param columns predicted classes, which may include {@code unassigned}
     * @param counts [rows][columns] cells
     */
    public record Confusion(String title, String note, List<String> rows, List<String> columns, long[][] counts) {
        public Confusion {
            if (counts.length != rows.size()) {
                throw new IllegalArgumentException(
                        "a confusion matrix of " + counts.length + " rows and " + rows.size() + " classes");
            }
        }
    }

    /**
     * How the embeddings of models and of references spread.
     *
     * @param tables all figures as text
     * @param spectra curves of σ_k / σ₁ over k, drawn with logarithmic axes
     * @param points one a representation
     */
    public record IsotropyPlots(List<DataTable> tables, List<CurvePanel> spectra, List<IsotropyPoint> points) {
        public IsotropyPlots {
            tables = List.copyOf(tables);
            spectra = List.copyOf(spectra);
            points = List.copyOf(points);
        }
    }

    /**
     * One representation of cells, drawn.
     *
     * @param name for the legend
     * @param reference whether it is something to compare with rather than a trained model
     * @param meanCosine of different cells
     * @param alignment of two views
     * @param uniformity of views
     */
    public record IsotropyPoint(String name, boolean reference, Score meanCosine, Score alignment, Score uniformity) {}

    /**
     * How numbers are spread, of one group or of several over each other.
     *
     * @param title its heading
     * @param note a sentence below the heading, or empty
     * @param axis what the numbers are
     * @param unit what the bars count
     * @param logarithmic whether the axis of the numbers is
     * @param edges [bins + 1] of the bins, ascending
     * @param bars one a group
     */
    public record Histogram(
            String title,
            String note,
            String axis,
            String unit,
            boolean logarithmic,
            List<Double> edges,
            List<Bars> bars) {
        public Histogram {
            for (Bars one : bars) {
                if (one.heights().size() + 1 != edges.size()) {
                    throw new IllegalArgumentException(one.name() + " of " + title + " does not fit its bins");
                }
            }
        }
    }

    /**
     * The bars of a group.
     *
     * @param name for the legend
     * @param heights [bins]
     */
    public record Bars(String name, List<Double> heights) {}

    /**
     * Evaluations below each other, with a chart of how far the model is ahead in each.
     *
     * @param note what is compared
     * @param rows one a standing, or one for an evaluation that has none
     */
    public record Leaderboard(String note, List<LeaderboardRow> rows) {
        public Leaderboard {
            rows = List.copyOf(rows);
        }
    }

    /**
     * A line of a leaderboard.
     *
     * @param name of the evaluation
     * @param link to its own page, or {@code null}
     * @param kind of the evaluation
     * @param standing what was measured, or {@code null}
     * @param verdict in a word, of the standing or of a run that has none
     * @param seconds of the whole evaluation, as text; empty in all but its first line
     * @param error why there is no standing, or empty
     */
    public record LeaderboardRow(
            String name,
            @Nullable String link,
            String kind,
            @Nullable Standing standing,
            String verdict,
            String seconds,
            String error) {}

    /**
     * A group of settings.
     *
     * @param name of the group
     * @param values any JSON; nested names are joined by dots
     */
    public record Settings(String name, JsonNode values) {}
}
