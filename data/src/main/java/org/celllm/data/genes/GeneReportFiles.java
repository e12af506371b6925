package org.celllm.data.genes;

import java.io.IOException;
import java.nio.file.Path;
import org.celllm.data.files.SafeFiles;

/**
 * Writes what became of the names of a file's genes: a tsv with a line for each gene, in the order of the file. Its columns:
 * {@code name} as found, {@code kind}, {@code resolved} (empty where it is taken for no gene), {@code approved} (yes or
 * no), {@code rule}, {@code others} (parted by bars), {@code note}.
 */
public final class GeneReportFiles {
    private static final String HEADER = "name\tkind\tresolved\tapproved\trule\tothers\tnote\n";

    private GeneReportFiles() {}

    /** Writes the list; what stands there is replaced when all is written. */
    public static void write(Path file, GeneNames names) throws IOException {
        StringBuilder text = new StringBuilder(HEADER);
        for (GeneResolution gene : names.resolutions()) {
            text.append(field(gene.name())).append('\t');
            text.append(gene.kind().word()).append('\t');
            text.append(gene.resolved() ? field(gene.canonical()) : "").append('\t');
            text.append(gene.approved() ? "yes" : "no").append('\t');
            text.append(gene.rule().word()).append('\t');
            text.append(field(String.join("|", gene.others()))).append('\t');
            text.append(field(gene.note())).append('\n');
        }
        SafeFiles.text(file, text.toString());
    }

    /** Characters that would break the table, such as tabs in a damaged name, become blanks. */
    private static String field(String text) {
        return text.replaceAll("\\p{Cntrl}", " ");
    }
}
