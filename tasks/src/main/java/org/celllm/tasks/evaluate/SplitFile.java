package org.celllm.tasks.evaluate;

import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.security.DigestOutputStream;
import java.security.MessageDigest;
import java.util.List;
import org.celllm.data.files.SafeFiles;
import org.celllm.data.files.Sha256;

/**
 * Writes out which cell was on which side: a tab-separated table with the header {@code trial, split, part, row, cell},
 * so that another method, in another language, can be scored on the same splits.
 */
public final class SplitFile {
    private SplitFile() {}

    /**
     * Writes the splits of a protocol.
     *
     * @param cellNames [cells]
     * @return SHA-256 of the file, in hexadecimal
     */
    public static String write(Path file, AnnotationProtocol protocol, List<String> cellNames) throws IOException {
        MessageDigest digest = Sha256.digest();
        SafeFiles.stream(file, out -> {
            try (OutputStream digesting =
                    new DigestOutputStream(new java.io.BufferedOutputStream(out, 1 << 16), digest)) {
                digesting.write("trial\tsplit\tpart\trow\tcell\n".getBytes(StandardCharsets.UTF_8));
                for (Trial trial : protocol.trials()) {
                    for (Split split : trial.splits()) {
                        part(digesting, trial, split, "train", split.train(), cellNames);
                        part(digesting, trial, split, "test", split.test(), cellNames);
                    }
                }
            }
        });
        return Sha256.text(digest);
    }

    private static void part(
            OutputStream out, Trial trial, Split split, String part, int[] cells, List<String> cellNames)
            throws IOException {
        StringBuilder text = new StringBuilder();
        for (int cell : cells) {
            text.append(trial.name())
                    .append('\t')
                    .append(split.name())
                    .append('\t')
                    .append(part)
                    .append('\t');
            text.append(cell)
                    .append('\t')
                    .append(cellNames.get(cell).replaceAll("[\\t\\r\\n]", " "))
                    .append('\n');
        }
        out.write(text.toString().getBytes(StandardCharsets.UTF_8));
    }
}
