package org.celllm.app.suite;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.celllm.app.ExitCode;
import org.celllm.app.Outcome;
import org.celllm.app.report.HtmlReport;
import org.celllm.app.report.IsotropyPage;
import org.celllm.app.report.JsonFile;
import org.celllm.app.report.LeaderboardPage;
import org.celllm.app.report.ReportPages;
import org.celllm.app.report.Standing;
import org.celllm.app.report.Standings;
import org.celllm.data.InputException;
import org.celllm.data.files.SafeFiles;
import org.celllm.data.progress.Progress;

/**
 * One run of a suite. Every evaluation writes its folder {@code NAME} and gets the page {@code NAME.html}; {@code suite.json} is
 * written anew after each, so that a run that is cut off can go on.
 */
public final class SuiteRun {
    /** The page in the suite's folder. */
    public static final String PAGE = "leaderboard.html";

    private static final URI HERE = URI.create("");
    private static final ObjectMapper JSON = new ObjectMapper();

    private final EvaluationSuite suite;
    private final Path folder;
    private final Evaluator evaluator;
    private final List<Evaluator.Checked> checked = new ArrayList<>();

    /**
     * Reads the options of every evaluation, so that a mistake shows before hours of work.
     *
     * @param folder the suite's
     * @throws InputException when options cannot be used, with the line that they stand on
     */
    public SuiteRun(EvaluationSuite suite, Path folder, Evaluator evaluator) {
        this.suite = suite;
        this.folder = folder;
        this.evaluator = evaluator;
        for (SuiteEntry entry : suite.entries()) {
            Evaluator.Checked one = evaluator.check(entry, folder.resolve(entry.name()));
            if (one.problem() != null) {
                throw InputException.about(suite.file())
                        .at("line " + entry.line() + ", " + entry.name())
                        .found(one.problem())
                        .remedy("`celllm evaluate " + entry.kind() + " --help` shows the options")
                        .build();
            }
            checked.add(one);
        }
    }

    /**
     * Runs what is not finished.
     *
     * @param resume whether evaluations that an earlier run finished, with these options on these inputs, are kept
     * @param watch is told of each evaluation
     * @return {@code suite.json}
     */
    public JsonNode run(boolean resume, Watch watch, Progress progress) throws IOException {
        JsonNode before = resume && Files.isRegularFile(folder.resolve(LeaderboardPage.FILE))
                ? JsonFile.read(folder.resolve(LeaderboardPage.FILE))
                : JsonNodeFactory.instance.objectNode();
        if (!resume) {
            SafeFiles.deleteTree(folder);
        }
        Files.createDirectories(folder);
        List<ObjectNode> results = new ArrayList<>();
        for (int i = 0; i < suite.entries().size(); i++) {
            results.add(waiting(suite.entries().get(i), checked.get(i), before));
        }
        ObjectNode json = write(results);
        for (int i = 0; i < results.size(); i++) {
            SuiteEntry entry = suite.entries().get(i);
            if (results.get(i).path("state").asText().equals("done")) {
                watch.kept(entry);
                continue;
            }
            watch.begins(entry);
            results.set(i, evaluate(entry, checked.get(i), results.get(i), progress));
            json = write(results);
        }
        return json;
    }

    /** What is told of each evaluation. */
    public interface Watch {
        /** It is finished already. */
        void kept(SuiteEntry entry);

        /** It is run now. */
        void begins(SuiteEntry entry);
    }

    /** The worst exit code of the evaluations: a fault of ours before what is the user's to mend. */
    public static int exitCode(JsonNode json) {
        int code = ExitCode.DONE;
        for (JsonNode one : json.path("evaluations")) {
            int ended = one.path("exit").asInt();
            code = code == ExitCode.FAULT || ended == ExitCode.DONE ? code : ended;
        }
        return code;
    }

    /** What an earlier run left of an evaluation, where it is of use, or an entry that waits. */
    private ObjectNode waiting(SuiteEntry entry, Evaluator.Checked options, JsonNode before) throws IOException {
        ObjectNode fresh = JsonNodeFactory.instance.objectNode();
        fresh.put("name", entry.name()).put("kind", entry.kind());
        entry.options().forEach(fresh.putArray("options")::add);
        ObjectNode inputs = fresh.putObject("inputs");
        stamp(options, inputs);
        for (JsonNode one : before.path("evaluations")) {
            if (one.path("state").asText().equals("done")
                    && Files.isDirectory(folder.resolve(entry.name()))
                    && one.path("name").equals(fresh.path("name"))
                    && one.path("kind").equals(fresh.path("kind"))
                    && one.path("options").equals(fresh.path("options"))
                    && one.path("inputs").equals(inputs)) {
                return one.deepCopy();
            }
        }
        return fresh.put("state", "waiting");
    }

    private ObjectNode evaluate(SuiteEntry entry, Evaluator.Checked options, ObjectNode waiting, Progress progress)
            throws IOException {
        ObjectNode result = waiting.deepCopy();
        stamp(options, result.putObject("inputs"));
        Path out = folder.resolve(entry.name());
        Path page = folder.resolve(entry.name() + ".html");
        SafeFiles.deleteTree(out);
        Files.deleteIfExists(page);
        long started = System.nanoTime();
        Outcome outcome = evaluator.run(entry, out);
        result.put("seconds", (System.nanoTime() - started) / 1e9).put("exit", outcome.code());
        if (outcome.code() != ExitCode.DONE) {
            return result.put("state", "failed").put("error", outcome.error());
        }
        ArrayNode standings = result.putArray("standings");
        for (Standing standing : Standings.of(figures(out))) {
            standings.add(JSON.<JsonNode>valueToTree(standing));
        }
        HtmlReport.write(page, ReportPages.of(out, null, 1, progress));
        return result.put("state", "done");
    }

    private static void stamp(Evaluator.Checked options, ObjectNode inputs) throws IOException {
        for (Path input : options.inputs()) {
            inputs.put(input.toString(), InputStamp.of(input));
        }
    }

    private static JsonNode figures(Path out) throws IOException {
        Path isotropy = out.resolve(IsotropyPage.FILE);
        return JsonFile.read(Files.isRegularFile(isotropy) ? isotropy : out.resolve("evaluation.json"));
    }

    /** Writes what is known so far, for people too: a run of hours may be cut off. */
    private ObjectNode write(List<ObjectNode> results) throws IOException {
        ObjectNode json = JsonNodeFactory.instance.objectNode();
        json.put("suite", suite.file().toString());
        json.putArray("evaluations").addAll(results);
        SafeFiles.text(
                folder.resolve(LeaderboardPage.FILE),
                JSON.writerWithDefaultPrettyPrinter().writeValueAsString(json) + "\n");
        HtmlReport.write(folder.resolve(PAGE), LeaderboardPage.of(folder, json, HERE));
        return json;
    }
}
