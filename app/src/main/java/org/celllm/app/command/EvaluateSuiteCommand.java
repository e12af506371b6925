package org.celllm.app.command;

import com.fasterxml.jackson.databind.JsonNode;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import org.celllm.app.Main;
import org.celllm.app.Outcome;
import org.celllm.app.console.Console;
import org.celllm.app.report.Figures;
import org.celllm.app.report.LeaderboardPage;
import org.celllm.app.report.ReportPage.LeaderboardRow;
import org.celllm.app.report.ReportPage.Score;
import org.celllm.app.report.Standing;
import org.celllm.app.suite.EvaluationSuite;
import org.celllm.app.suite.Evaluator;
import org.celllm.app.suite.SuiteEntry;
import org.celllm.app.suite.SuiteRun;
import org.celllm.data.InputException;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code celllm evaluate suite}: a list of evaluations and one leaderboard. */
@Command(
        name = "suite",
        mixinStandardHelpOptions = true,
        description =
                "Runs a YAML list of evaluations, each as its own command would, and makes one leaderboard of them."
                        + " Writes a folder and a page for each, suite.json and leaderboard.html into --out. One that fails is listed"
                        + " with its error and the others go on; the exit code is then 2, or 1 after a fault in CellLM.",
        footer = {
            "",
            "Example:  celllm evaluate suite suite.yaml --out suite",
            "Another model:  ... --set MODEL=/models/other",
            "",
            "A list, with paths relative to it:",
            "  variables:",
            "    MODEL: model",
            "  evaluations:",
            "    - name: blood-five-fold",
            "      kind: annotation          # or sensitivity, response, expression, isotropy",
            "      options: $${MODEL} blood.h5ad --label cell_type --folds 5",
            "    - name: blood-five-cells",
            "      kind: annotation",
            "      options: $${MODEL} blood.h5ad --label cell_type --few-shot 5"
        })
final class EvaluateSuiteCommand implements Callable<Integer> {
    private static final List<String> KINDS =
            List.of("annotation", "sensitivity", "response", "expression", "isotropy");
    private static final List<String> OURS = List.of("--out", "--force", "--json", "--help", "-h", "--version", "-V");

    private final Console console;

    @Parameters(index = "0", paramLabel = "FILE", description = "The list, in YAML.")
    Path file;

    @Mixin
    OutputOption out;

    @Option(
            names = "--set",
            paramLabel = "NAME=VALUE",
            description =
                    "Value of a variable, before the list's own; a path in it is relative to the list, too. May be"
                            + " repeated.")
    Map<String, String> variables = new LinkedHashMap<>();

    @Option(
            names = "--resume",
            description = "Go on with a run for the same --out: evaluations that are finished are not run again unless"
                    + " their options or input files have changed; failed ones are.")
    boolean resume;

    @Mixin
    JsonOption json;

    EvaluateSuiteCommand(Console console) {
        this.console = console;
    }

    @Override
    public Integer call() throws Exception {
        Path target = resume ? out.path : out.freeFolder(FolderKind.SUITE);
        if (Files.exists(target) && !Files.isRegularFile(target.resolve(LeaderboardPage.FILE))) {
            throw InputException.about(target)
                    .found("is not the folder of a suite, and is neither replaced nor added to")
                    .remedy("Choose another --out")
                    .build();
        }
        Path absolute = target.toAbsolutePath().normalize();
        SuiteRun run = new SuiteRun(EvaluationSuite.read(file, KINDS, variables), absolute, new InThisProcess());
        JsonNode figures = run.run(
                resume,
                new SuiteRun.Watch() {
                    @Override
                    public void kept(SuiteEntry entry) {
                        console.line(entry.name() + ": finished before, kept");
                    }

                    @Override
                    public void begins(SuiteEntry entry) {
                        console.heading("==> " + entry.name() + ": celllm evaluate " + entry.kind() + " "
                                + String.join(" ", entry.options()));
                    }
                },
                console.progress());
        show(LeaderboardPage.rows(absolute, figures, URI.create("")));
        json.write(figures);
        console.line("leaderboard: " + target.resolve(SuiteRun.PAGE));
        return SuiteRun.exitCode(figures);
    }

    private void show(List<LeaderboardRow> rows) {
        console.heading("Leaderboard: the model beside the best baseline on the same splits, 95% intervals");
        List<List<String>> cells = new ArrayList<>();
        for (LeaderboardRow row : rows) {
            Standing one = row.standing();
            String baseline = one == null ? null : one.baseline();
            cells.add(
                    one == null
                            ? List.of(row.name(), row.error(), "", "–", "", "–", "–", row.verdict(), row.seconds())
                            : List.of(
                                    row.name(),
                                    one.setting(),
                                    one.measure(),
                                    text(one.score()),
                                    baseline == null ? "–" : baseline,
                                    text(one.baselineScore()),
                                    text(one.ahead()),
                                    row.verdict(),
                                    row.seconds()));
        }
        console.table(
                List.of("evaluation", "setting", "measure", "model", "best baseline", "its score", "ahead by", "", "s"),
                cells);
    }

    private static String text(Score score) {
        return Figures.interval(score.mean(), score.low(), 3);
    }

    /** Evaluations by their own commands, with paths relative to the list. */
    private final class InThisProcess implements Evaluator {
        private final Path base;

        InThisProcess() {
            Path folder = file.toAbsolutePath().getParent();
            base = folder == null ? file.toAbsolutePath() : folder;
        }

        @Override
        public Checked check(SuiteEntry entry, Path out) {
            for (String word : entry.options()) {
                if (OURS.contains(word.replaceFirst("=.*", ""))) {
                    return new Checked("the option " + word + ", which is not for a suite to give", List.of());
                }
            }
            List<Path> read = new ArrayList<>();
            try {
                CellLm.commandLine(console, base, read::add).parseArgs(words(entry, out));
            } catch (CommandLine.ParameterException refused) {
                return new Checked(Main.refusal(refused), List.of());
            }
            return new Checked(
                    null, read.stream().filter(path -> !path.equals(out)).toList());
        }

        @Override
        public Outcome run(SuiteEntry entry, Path out) {
            return Main.outcome(console, CellLm.commandLine(console, base, path -> {}), words(entry, out));
        }

        private static String[] words(SuiteEntry entry, Path out) {
            List<String> words = new ArrayList<>(List.of("evaluate", entry.kind()));
            words.addAll(entry.options());
            words.addAll(List.of("--out", out.toString()));
            return words.toArray(String[]::new);
        }
    }
}
