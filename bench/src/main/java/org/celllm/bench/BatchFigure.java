package org.celllm.bench;

import java.awt.BasicStroke;
import java.awt.Color;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.knowm.xchart.BitmapEncoder;
import org.knowm.xchart.XYChart;
import org.knowm.xchart.XYChartBuilder;
import org.knowm.xchart.XYSeries;
import org.knowm.xchart.style.Styler;

/**
 * Draws what {@link BatchBenchmark} printed: peak memory and time of a step against the batch.
 *
 * <pre>BatchFigure LINES.tsv OUT.png</pre>
 */
public final class BatchFigure {
    private static final Color[] COLOURS = {
        new Color(0xC8, 0x4B, 0x31), new Color(0x1F, 0x5F, 0x8B), new Color(0x4F, 0x8A, 0x3C)
    };

    private BatchFigure() {}

    private record Point(int batch, double gigabytes, double seconds) {}

    /** Draws the figure. */
    public static void main(String[] args) throws IOException {
        Map<String, List<Point>> ways = new LinkedHashMap<>();
        for (String line : Files.readAllLines(Path.of(args[0]))) {
            String[] fields = line.split("\t", -1);
            ways.computeIfAbsent(fields[1], way -> new ArrayList<>())
                    .add(new Point(
                            Integer.parseInt(fields[0]),
                            Double.parseDouble(fields[2]) / (1L << 30),
                            Double.parseDouble(fields[3])));
        }
        XYChart memory = chart("Peak resident memory", "GiB");
        XYChart time = chart("Time of a step", "seconds");
        int number = 0;
        for (Map.Entry<String, List<Point>> way : ways.entrySet()) {
            String name = way.getKey().equals("undivided") ? "undivided" : "divided, --memory " + way.getKey();
            double[] batch = way.getValue().stream().mapToDouble(Point::batch).toArray();
            Color colour = COLOURS[number++ % COLOURS.length];
            style(
                    memory.addSeries(
                            name,
                            batch,
                            way.getValue().stream()
                                    .mapToDouble(Point::gigabytes)
                                    .toArray()),
                    colour);
            style(
                    time.addSeries(
                            name,
                            batch,
                            way.getValue().stream().mapToDouble(Point::seconds).toArray()),
                    colour);
        }
        memory.getStyler().setYAxisMin(0.0);
        time.getStyler().setYAxisLogarithmic(true);
        BitmapEncoder.saveBitmap(List.of(memory, time), 1, 2, args[1], BitmapEncoder.BitmapFormat.PNG);
    }

    private static XYChart chart(String title, String unit) {
        XYChart chart = new XYChartBuilder()
                .width(520)
                .height(360)
                .title(title)
                .xAxisTitle("batch (cells)")
                .yAxisTitle(unit)
                .build();
        Styler styler = chart.getStyler();
        styler.setLegendPosition(Styler.LegendPosition.InsideNW);
        styler.setChartBackgroundColor(Color.WHITE);
        chart.getStyler().setXAxisLogarithmic(true);
        chart.getStyler().setXAxisMin(60.0);
        return chart;
    }

    private static void style(XYSeries series, Color colour) {
        series.setMarkerColor(colour);
        series.setLineColor(colour);
        series.setLineStyle(new BasicStroke(2));
    }
}
