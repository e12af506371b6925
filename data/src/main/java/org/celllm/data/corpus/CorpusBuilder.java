package org.celllm.data.corpus;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.celllm.data.InputException;
import org.celllm.data.files.SafeFiles;
import org.celllm.data.genes.GeneIdentity;
import org.celllm.data.genes.GeneVocabulary;
import org.celllm.data.genes.GeneVocabularyFiles;
import org.celllm.data.genes.HgncTable;
import org.celllm.data.genes.IdentifierKind;
import org.celllm.data.progress.Progress;

/**
 * Builds a corpus from sources. With a vocabulary from a file every source is read once; by rule it is read twice, the
 * first time for its genes. A source that cannot be used is reported with its reason, and the others go on.
 *
 * <p>The corpus is made in a hidden folder beside its name and renamed when it is complete: a build that is killed
 * leaves nothing under the name, and the next one clears up after it.
 */
public final class CorpusBuilder {
    private final CorpusSettings settings;
    private final Progress progress;
    private final GeneIdentity identity;
    private final List<CorpusReport.Refused> refused = new ArrayList<>();

    private CorpusBuilder(CorpusSettings settings, Progress progress) throws IOException {
        this.settings = settings;
        this.progress = progress;
        this.identity =
                settings.hgnc() == null ? GeneIdentity.plain() : GeneIdentity.with(HgncTable.read(settings.hgnc()));
    }

    /**
     * Builds a corpus.
     *
     * @param sources files, folders and lists
     * @param out folder to make
     * @param settings vocabulary and filters
     * @param progress told how far it is
     * @return what was built and what was refused; see {@link CorpusReport#requireNoneRefused()}
     * @throws InputException when {@code out} exists and is not to be replaced, or no source could be used, or the disk
     *     is full: nothing is left behind
     */
    public static CorpusReport build(List<CorpusSource> sources, Path out, CorpusSettings settings, Progress progress)
            throws IOException {
        CorpusFolder folder = CorpusFolder.prepare(out, settings.replace());
        try {
            CorpusReport report = new CorpusBuilder(settings, progress).buildIn(folder, SourceFiles.of(sources));
            folder.publish();
            return report;
        } finally {
            folder.discard();
        }
    }

    private CorpusReport buildIn(CorpusFolder folder, SourceFiles files) throws IOException {
        List<CorpusSource> sources = distinct(files.sources());
        GeneVocabulary genes;
        String rule;
        if (settings.genes() != null) {
            genes = GeneVocabularyFiles.read(settings.genes());
            rule = "the file " + settings.genes().getFileName();
        } else {
            GeneTally tally = new GeneTally();
            sources = tally(sources, tally);
            requireSome(sources);
            genes = tally.vocabulary(settings.minCells());
            rule = "genes seen in at least " + settings.minCells() + " cells of a source, in alphabetical order"
                    + (tally.enough(settings.minCells()) > genes.size() ? "; the " + genes.size() + " seen most" : "");
        }
        byte[] genesText = CorpusGenes.text(genes);
        Files.createDirectories(folder.shards());
        SafeFiles.stream(folder.genes(), out -> out.write(genesText));
        List<SourceReport> reports = new ArrayList<>();
        List<CorpusManifest.Shard> shards = new ArrayList<>();
        NumberedNames tissues = new NumberedNames("tissues", List.of());
        NumberedNames labels = new NumberedNames("labels", List.of());
        importAll(sources, folder.shards(), genes, tissues, labels, reports, shards);
        requireSome(reports);
        CorpusManifest manifest = CorpusManifest.of(
                genes.size(),
                Checksums.sha256(genesText),
                rule,
                settings.minGenes(),
                settings.minCounts(),
                tissues.names(),
                labels.names(),
                reports,
                shards);
        SafeFiles.text(folder.manifest(), manifest.toJson());
        return new CorpusReport(folder.target(), manifest, refused, files.ignored());
    }

    /**
     * Adds sources to a corpus, over the genes and with the filters it has. Its cells keep their numbers.
     *
     * @throws InputException when no source could be used; the corpus is then as it was
     */
    public static CorpusReport add(Path corpus, List<CorpusSource> sources, CorpusSettings settings, Progress progress)
            throws IOException {
        CorpusManifest before = CorpusManifest.read(corpus);
        GeneVocabulary genes = CorpusGenes.read(corpus, before);
        CorpusSettings filters = settings.withFilters(before.minGenes(), before.minCounts());
        CorpusBuilder builder = new CorpusBuilder(filters, progress);
        SourceFiles files = SourceFiles.of(sources);
        List<SourceReport> reports = new ArrayList<>(before.sources());
        List<CorpusManifest.Shard> shards = new ArrayList<>(before.shards());
        NumberedNames tissues = new NumberedNames("tissues", before.tissues());
        NumberedNames labels = new NumberedNames("labels", before.labels());
        Path folder = corpus.resolve("shards");
        try {
            builder.importAll(builder.distinct(files.sources()), folder, genes, tissues, labels, reports, shards);
            builder.requireSome(reports.subList(before.sources().size(), reports.size()));
            CorpusManifest after = before.with(tissues.names(), labels.names(), reports, shards);
            SafeFiles.text(corpus.resolve("manifest.json"), after.toJson());
            return new CorpusReport(corpus, after, builder.refused, files.ignored());
        } finally {
            CorpusFolder.deleteUnknownShards(corpus);
        }
    }

    /**
     * Takes sources out of a corpus. Later cells move up, so what is trained on and what validated with changes.
     *
     * @param names names of sources, as the manifest has them
     * @throws InputException when a name is not there, or none would be left
     */
    public static CorpusManifest remove(Path corpus, List<String> names) throws IOException {
        CorpusManifest before = CorpusManifest.read(corpus);
        Map<Integer, Integer> places = new HashMap<>();
        List<SourceReport> reports = new ArrayList<>();
        List<String> unseen = new ArrayList<>(names);
        for (int i = 0; i < before.sources().size(); i++) {
            SourceReport report = before.sources().get(i);
            if (names.contains(report.name())) {
                unseen.remove(report.name());
            } else {
                places.put(i, reports.size());
                reports.add(report);
            }
        }
        if (!unseen.isEmpty() || reports.isEmpty()) {
            throw InputException.about(corpus)
                    .found(unseen.isEmpty() ? "would be left without sources" : "has no source " + unseen.get(0))
                    .expected("some of: "
                            + String.join(
                                    ", ",
                                    before.sources().stream()
                                            .map(SourceReport::name)
                                            .toList()))
                    .build();
        }
        List<CorpusManifest.Shard> shards = new ArrayList<>();
        for (CorpusManifest.Shard shard : before.shards()) {
            Integer place = places.get(shard.source());
            if (place != null) {
                shards.add(shard.of(place));
            }
        }
        CorpusManifest after = before.with(before.tissues(), before.labels(), reports, shards);
        SafeFiles.text(corpus.resolve("manifest.json"), after.toJson());
        CorpusFolder.deleteUnknownShards(corpus);
        return after;
    }

    /** Reads the cells of every source; a source that fails is refused and leaves neither shards nor names. */
    private void importAll(
            List<CorpusSource> sources,
            Path folder,
            GeneVocabulary genes,
            NumberedNames tissues,
            NumberedNames labels,
            List<SourceReport> reports,
            List<CorpusManifest.Shard> shards)
            throws IOException {
        for (CorpusSource source : sources) {
            int number =
                    shards.stream().mapToInt(CorpusManifest.Shard::number).max().orElse(-1) + 1;
            SourceImport.ShardPlace place =
                    new SourceImport.ShardPlace(folder, reports.size(), number, name(source, reports));
            int reported = reports.size();
            int tissuesBefore = tissues.size();
            int labelsBefore = labels.size();
            attempt(source, () -> {
                SourceImport.Imported imported =
                        new SourceImport(source, identity, progress).cells(place, genes, tissues, labels, settings);
                reports.add(imported.report());
                shards.addAll(imported.shards());
            });
            if (reports.size() == reported) {
                tissues.keep(tissuesBefore);
                labels.keep(labelsBefore);
            }
        }
        CorpusFolder.deleteShardsBut(folder, shards);
    }

    /** First reading: counts genes, and refuses sources whose genes go by another kind of name than most cells'. */
    private List<CorpusSource> tally(List<CorpusSource> sources, GeneTally tally) throws IOException {
        Map<CorpusSource, SourceImport.SeenGenes> seen = new HashMap<>();
        Map<IdentifierKind, Long> cellsByKind = new HashMap<>();
        for (CorpusSource source : sources) {
            attempt(source, () -> {
                SourceImport.SeenGenes genes = new SourceImport(source, identity, progress).genes();
                seen.put(source, genes);
                cellsByKind.merge(genes.names().kind(), (long) genes.cells(), Long::sum);
            });
        }
        List<CorpusSource> usable = new ArrayList<>();
        for (CorpusSource source : sources) {
            SourceImport.SeenGenes genes = seen.get(source);
            if (genes == null) {
                continue;
            }
            attempt(source, () -> {
                requireCommonKind(source, genes.names().kind(), cellsByKind);
                tally.add(genes.names(), genes.cellsWith());
                usable.add(source);
            });
        }
        return usable;
    }

    private void requireCommonKind(CorpusSource source, IdentifierKind kind, Map<IdentifierKind, Long> cellsByKind) {
        long own = cellsByKind.getOrDefault(kind, 0L);
        for (Map.Entry<IdentifierKind, Long> other : cellsByKind.entrySet()) {
            if (settings.hgnc() == null && other.getValue() > own) {
                throw InputException.about(source.path())
                        .found("names its genes by " + kind.word() + ", most other cells by "
                                + other.getKey().word())
                        .remedy("Give an HGNC table with --hgnc, which translates one into the other")
                        .build();
            }
        }
    }

    /** Refuses sources that are the same file as another. */
    private List<CorpusSource> distinct(List<CorpusSource> sources) throws IOException {
        Map<Path, CorpusSource> seen = new HashMap<>();
        List<CorpusSource> distinct = new ArrayList<>();
        for (CorpusSource source : sources) {
            attempt(source, () -> {
                if (!Files.exists(source.path())) {
                    throw InputException.about(source.path())
                            .found("does not exist")
                            .build();
                }
                if (seen.putIfAbsent(source.path().toRealPath(), source) != null) {
                    throw InputException.about(source.path())
                            .found("is named twice; its cells would count twice")
                            .build();
                }
                distinct.add(source);
            });
        }
        return distinct;
    }

    @FunctionalInterface
    private interface Attempt {
        void run() throws IOException;
    }

    private void attempt(CorpusSource source, Attempt attempt) throws IOException {
        try {
            attempt.run();
        } catch (ShardWriter.Unwritable e) {
            throw e.reason();
        } catch (InputException e) {
            refused.add(new CorpusReport.Refused(source.path(), String.valueOf(e.getMessage())));
        } catch (java.nio.file.FileSystemException e) {
            refused.add(new CorpusReport.Refused(source.path(), source.path() + ": cannot be read: " + e.getReason()));
        }
    }

    private void requireSome(List<?> usable) {
        if (usable.isEmpty()) {
            throw refused.isEmpty()
                    ? InputException.about("sources").found("there are none").build()
                    : CorpusReport.refusal(refused)
                            .remedy("No source is left to build a corpus from")
                            .build();
        }
    }

    /** The source's own name, or its file's without endings, numbered on when it is taken. */
    private static String name(CorpusSource source, List<SourceReport> reports) {
        String base = source.name() != null
                ? source.name()
                : source.path()
                        .toAbsolutePath()
                        .normalize()
                        .getFileName()
                        .toString()
                        .replaceFirst("(\\.(h5ad|h5|hdf5|loom|csv|tsv|txt|tab))?(\\.(gz|zip))?$", "");
        String name = base;
        for (int i = 2; taken(name, reports); i++) {
            name = base + "-" + i;
        }
        return name;
    }

    private static boolean taken(String name, List<SourceReport> reports) {
        return reports.stream().anyMatch(report -> report.name().equals(name));
    }
}
