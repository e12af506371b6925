package org.celllm.data.corpus;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.List;
import org.celllm.data.InputException;
import org.celllm.data.files.SafeFiles;
import org.celllm.data.files.Sha256;
import org.celllm.data.safetensors.SafetensorsFile;
import org.celllm.data.safetensors.TensorEntry;

/**
 * Makes one corpus of the parts that sources gave, in the order of the sources: names and indices of the sources,
 * numbers of the shards, and numbers of tissues and labels, which come from what was read before. So the bytes do not
 * depend on which source was finished first.
 */
final class CorpusAssembly {
    private static final String RENUMBERED = "renumbered";

    private final List<SourceReport> reports;
    private final List<CorpusManifest.Shard> before;
    private final NumberedNames tissues;
    private final NumberedNames labels;
    private final List<Piece> pieces = new ArrayList<>();
    private int nextNumber;

    /** Begins with what a corpus has already. */
    CorpusAssembly(
            List<SourceReport> reports, List<CorpusManifest.Shard> shards, List<String> tissues, List<String> labels) {
        this.reports = new ArrayList<>(reports);
        this.before = List.copyOf(shards);
        this.tissues = new NumberedNames("tissues", tissues);
        this.labels = new NumberedNames("labels", labels);
        this.nextNumber =
                shards.stream().mapToInt(CorpusManifest.Shard::number).max().orElse(-1) + 1;
    }

    /**
     * A shard on its way from its source's folder into the corpus.
     *
     * @param folder where it is
     * @param shard what the source says of it
     * @param name what the corpus calls it
     * @param source index of its source
     * @param tissues [names of the source + 1] number in the corpus for each number of the source
     * @param labels the same for labels
     */
    private record Piece(
            Path folder, CorpusManifest.Shard shard, String name, int source, char[] tissues, char[] labels) {
        Path file() {
            return folder.resolve(shard.file());
        }

        Path mark() {
            return folder.resolve(RENUMBERED);
        }

        boolean marked() {
            return Files.exists(mark());
        }

        boolean keepsNumbers() {
            return identity(tissues) && identity(labels);
        }

        private static boolean identity(char[] numbers) {
            for (int i = 0; i < numbers.length; i++) {
                if (numbers[i] != i) {
                    return false;
                }
            }
            return true;
        }
    }

    /**
     * Takes in what a source gave.
     *
     * @param folder its shards
     * @throws InputException when it has too many names; the corpus is then as before
     */
    void add(CorpusSource source, Path folder, SourceImport.Imported imported) {
        int tissuesBefore = tissues.size();
        int labelsBefore = labels.size();
        char[] tissueNumbers;
        char[] labelNumbers;
        try {
            tissueNumbers = numbers(tissues, imported.tissues(), source.path());
            labelNumbers = numbers(labels, imported.labels(), source.path());
        } catch (InputException e) {
            tissues.keep(tissuesBefore);
            labels.keep(labelsBefore);
            throw e;
        }
        for (CorpusManifest.Shard shard : imported.shards()) {
            pieces.add(new Piece(
                    folder, shard, ShardWriter.name(nextNumber++), reports.size(), tissueNumbers, labelNumbers));
        }
        reports.add(imported.report().named(name(source)));
    }

    private static char[] numbers(NumberedNames names, List<String> own, Path source) {
        char[] numbers = new char[own.size() + 1];
        for (int i = 0; i < own.size(); i++) {
            numbers[i + 1] = (char) names.number(own.get(i), source);
        }
        return numbers;
    }

    /** The source's own name, or its file's without endings, numbered on when it is taken. */
    private String name(CorpusSource source) {
        String base = source.name() != null
                ? source.name()
                : source.path()
                        .toAbsolutePath()
                        .normalize()
                        .getFileName()
                        .toString()
                        .replaceFirst("(\\.(h5ad|h5|hdf5|loom|csv|tsv|txt|tab))?(\\.(gz|zip))?$", "");
        String name = base;
        for (int i = 2; taken(name); i++) {
            name = base + "-" + i;
        }
        return name;
    }

    private boolean taken(String name) {
        return reports.stream().anyMatch(report -> report.name().equals(name));
    }

    List<SourceReport> reports() {
        return reports;
    }

    List<String> tissues() {
        return tissues.names();
    }

    List<String> labels() {
        return labels.names();
    }

    /** Where each shard is and will be: [from, to] in the order of the corpus. */
    List<Path[]> moves(Path shards) {
        return pieces.stream()
                .map(piece -> new Path[] {piece.file(), shards.resolve(piece.name)})
                .toList();
    }

    /** Gives every shard the corpus's numbers of tissues and labels, where the source's are others. */
    List<CorpusManifest.Shard> renumber(int threads) throws IOException {
        for (Piece piece : pieces) {
            // A mark says that numbers may be no more the source's: a kill can lie between this and the end.
            if (!piece.keepsNumbers() && !piece.marked()) {
                SafeFiles.text(piece.mark(), "");
            }
        }
        List<CorpusManifest.Shard> shards = new ArrayList<>(before);
        shards.addAll(SourceWorkers.each(pieces, threads, CorpusAssembly::renumbered));
        return shards;
    }

    private static CorpusManifest.Shard renumbered(Piece piece) throws IOException {
        CorpusManifest.Shard shard = piece.shard;
        String sha256 = shard.sha256();
        if (piece.marked()) {
            char[] own = new char[2 * shard.cells()];
            ByteBuffer.wrap(Files.readAllBytes(ShardWriter.numbers(piece.folder, shard.file())))
                    .asCharBuffer()
                    .get(own);
            try (SafetensorsFile file = SafetensorsFile.open(piece.file());
                    FileChannel channel = FileChannel.open(piece.file(), StandardOpenOption.WRITE)) {
                put(channel, file, file.find("tissue"), own, 0, shard.cells(), piece.tissues);
                put(channel, file, file.find("label"), own, shard.cells(), shard.cells(), piece.labels);
            }
            SafeFiles.sync(piece.file());
            sha256 = Sha256.of(piece.file());
        }
        return new CorpusManifest.Shard(
                piece.name, piece.source, shard.cells(), shard.nonzeros(), shard.counts(), shard.bytes(), sha256);
    }

    private static void put(
            FileChannel channel,
            SafetensorsFile file,
            @org.jspecify.annotations.Nullable TensorEntry tensor,
            char[] own,
            int from,
            int count,
            char[] numbers)
            throws IOException {
        if (tensor == null) {
            return;
        }
        ByteBuffer bytes = ByteBuffer.allocate(2 * count).order(ByteOrder.LITTLE_ENDIAN);
        for (int i = 0; i < count; i++) {
            bytes.putChar(numbers[own[from + i]]);
        }
        channel.position(file.position(tensor));
        SafeFiles.put(channel, bytes.flip());
    }
}
