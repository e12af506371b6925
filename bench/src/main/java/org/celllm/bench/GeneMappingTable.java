package org.celllm.bench;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.stream.Stream;
import org.celllm.data.InputException;
import org.celllm.data.genes.GencodeTable;
import org.celllm.data.genes.GeneIdentity;
import org.celllm.data.genes.GeneReport;
import org.celllm.data.genes.HgncTable;
import org.celllm.data.genes.ResolutionRule;
import org.celllm.data.inspect.FileInspection;
import org.celllm.data.tokens.ValuesOption;

/**
 * How many genes of every file under a folder are found, without a table, with HGNC's, and with GENCODE's beside it: the
 * lines of the table in docs/genes.md. Arguments: the folder of data, which has the tables in {@code genes}.
 */
public final class GeneMappingTable {
    private static final List<String> FOLDERS = List.of("celltype", "cancer", "pretrain", "formats");

    private GeneMappingTable() {}

    /** Prints the table in Markdown. */
    public static void main(String[] arguments) throws IOException {
        Path data = Path.of(arguments.length > 0 ? arguments[0] : "../shared/data");
        HgncTable hgnc = HgncTable.read(data.resolve("genes/hgnc_complete_set.txt.gz"));
        GencodeTable gencode = GencodeTable.read(data.resolve("genes/GENCODEv44_Gene_id2name.csv.gz"));
        GeneIdentity one = GeneIdentity.with(hgnc);
        GeneIdentity both = GeneIdentity.of(hgnc, gencode, null);
        System.out.println("| file | genes | named by | approved as named | with HGNC: approved | ambiguous | unknown "
                + "| with GENCODE too: approved | ambiguous | found, not approved | unknown |");
        System.out.println("|---|---|---|---|---|---|---|---|---|---|---|");
        for (Path file : files(data)) {
            try {
                print(data.relativize(file), file, hgnc, one, both);
            } catch (InputException refused) {
                // Files that are not read are in docs/formats.md.
            }
        }
    }

    private static List<Path> files(Path data) throws IOException {
        List<Path> files = new ArrayList<>();
        for (String folder : FOLDERS) {
            try (Stream<Path> all = Files.walk(data.resolve(folder))) {
                all.filter(Files::isRegularFile).sorted().forEach(files::add);
            } catch (UncheckedIOException e) {
                throw e.getCause();
            }
        }
        return files;
    }

    private static void print(Path name, Path file, HgncTable hgnc, GeneIdentity one, GeneIdentity both)
            throws IOException {
        FileInspection plain = FileInspection.of(file, ValuesOption.AUTO, GeneIdentity.plain(), null);
        long named =
                plain.genes().names().given().stream().filter(hgnc::isApproved).count();
        GeneReport before = report(file, one);
        GeneReport after = report(file, both);
        int found = after.names().size()
                - after.approved()
                - after.count(ResolutionRule.AMBIGUOUS)
                - after.count(ResolutionRule.UNKNOWN);
        System.out.printf(
                Locale.ROOT,
                "| %s | %d | %s%s | %d | %d | %d | %d | %d | %d | %d | %d |%n",
                name,
                before.names().size(),
                plain.genes().kind(),
                plain.genes().species().equals("mouse") ? ", mouse" : "",
                named,
                before.approved(),
                before.count(ResolutionRule.AMBIGUOUS),
                before.count(ResolutionRule.UNKNOWN),
                after.approved(),
                after.count(ResolutionRule.AMBIGUOUS),
                found,
                after.count(ResolutionRule.UNKNOWN));
    }

    private static GeneReport report(Path file, GeneIdentity identity) throws IOException {
        return GeneReport.of(FileInspection.of(file, ValuesOption.AUTO, identity, null)
                .genes()
                .names());
    }
}
