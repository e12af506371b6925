package org.celllm.tasks.response;

import java.io.BufferedOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.security.DigestOutputStream;
import java.security.MessageDigest;
import java.util.List;
import java.util.TreeSet;
import org.celllm.data.files.SafeFiles;
import org.celllm.data.files.Sha256;

/**
 * Writes out which pair was in which part: a tab-separated table with the header {@code split, trial, part, line, drug},
 * so that another method, in another language, can be scored on the same splits. Where whole lines or drugs are divided,
 * a row names one of them and has {@code *} in the other column; with both unseen, a pair belongs to a part when its line
 * and its drug do.
 */
public final class ResponseSplitFile {
    private static final String ANY = "*";

    private ResponseSplitFile() {}

    /**
     * Writes splits.
     *
     * @return SHA-256 of the file, in hexadecimal
     */
    public static String write(Path file, List<ResponseSplit> splits, DrugResponses responses) throws IOException {
        MessageDigest digest = Sha256.digest();
        SafeFiles.stream(file, out -> {
            try (OutputStream digesting = new DigestOutputStream(new BufferedOutputStream(out, 1 << 16), digest)) {
                digesting.write("split\ttrial\tpart\tline\tdrug\n".getBytes(StandardCharsets.UTF_8));
                for (ResponseSplit split : splits) {
                    part(digesting, split, "train", split.train(), responses);
                    part(digesting, split, "validation", split.validation(), responses);
                    part(digesting, split, "test", split.test(), responses);
                }
            }
        });
        return Sha256.text(digest);
    }

    private static void part(OutputStream out, ResponseSplit split, String part, int[] pairs, DrugResponses responses)
            throws IOException {
        StringBuilder text = new StringBuilder();
        String start = split.kind().word() + "\t" + split.name() + "\t" + part + "\t";
        TreeSet<Integer> lines = new TreeSet<>();
        TreeSet<Integer> drugs = new TreeSet<>();
        for (int pair : pairs) {
            int line = responses.line()[pair];
            int drug = responses.drug()[pair];
            if (split.kind() == SplitKind.RANDOM) {
                row(text, start, responses.lines().get(line), responses.drugs().get(drug));
            } else {
                lines.add(line);
                drugs.add(drug);
            }
        }
        if (split.kind() != SplitKind.DRUGS) {
            lines.forEach(line -> row(text, start, responses.lines().get(line), ANY));
        }
        if (split.kind() != SplitKind.LINES) {
            drugs.forEach(drug -> row(text, start, ANY, responses.drugs().get(drug)));
        }
        out.write(text.toString().getBytes(StandardCharsets.UTF_8));
    }

    private static void row(StringBuilder text, String start, String line, String drug) {
        text.append(start).append(clean(line)).append('\t').append(clean(drug)).append('\n');
    }

    private static String clean(String name) {
        return name.replaceAll("[\\t\\r\\n]", " ");
    }
}
