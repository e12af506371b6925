package org.celllm.data.corpus;

import java.io.IOException;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.celllm.data.InputException;
import org.celllm.data.files.SafeFiles;
import org.celllm.data.files.Sha256;
import org.celllm.data.genes.GeneIdentity;
import org.celllm.data.genes.GeneVocabulary;
import org.celllm.data.genes.GeneVocabularyFiles;
import org.celllm.data.genes.IdentifierKind;
import org.celllm.data.progress.Progress;
import org.jspecify.annotations.Nullable;

/**
 * Builds a corpus from sources. With a vocabulary from a file every source is read once; by rule it is read twice, the
 * first time for its genes. A source that cannot be used is reported with its reason, and the others go on.
 *
 * <p>Several sources are read at once; the bytes do not depend on how many. The corpus is made in a hidden folder beside
 * its name and renamed when it is complete: a build that is killed leaves nothing under the name. What it had finished
 * stays in that folder, for a build that {@linkplain BuildRun#resume() goes on} with it; any other clears it up.
 */
public final class CorpusBuilder {
    private final CorpusSettings settings;
    private final BuildRun run;
    private final Progress progress;
    private final GeneIdentity identity;
    private final String tables;
    private final List<CorpusReport.Refused> refused = new ArrayList<>();

    private CorpusBuilder(CorpusSettings settings, BuildRun run, Progress progress) throws IOException {
        this.settings = settings;
        this.run = run;
        this.progress = progress;
        this.tables = settings.tables().fingerprint();
        this.identity = settings.tables().read();
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
        return build(sources, out, settings, BuildRun.usual(), progress);
    }

    /**
     * Builds a corpus, or goes on building one.
     *
     * @param run how many sources at once, and whether to go on with a build that was cut off: sources that it finished
     *     and that have not changed since are not read again
     * @throws InputException as {@link #build(List, Path, CorpusSettings, Progress)}; but when the disk was the reason, or
     *     this build went on with another, and a source is finished, the hidden folder stays for a build that goes on
     */
    public static CorpusReport build(
            List<CorpusSource> sources, Path out, CorpusSettings settings, BuildRun run, Progress progress)
            throws IOException {
        CorpusFolder folder = CorpusFolder.prepare(out, settings.replace(), run);
        boolean keep = false;
        try {
            CorpusReport report = new CorpusBuilder(settings, run, progress).buildIn(folder, SourceFiles.of(sources));
            folder.publish();
            return report;
        } catch (Throwable e) {
            // A slip in the command that goes on with a build does not cost what that had finished.
            boolean input = e instanceof InputException && !(e.getCause() instanceof IOException);
            keep = (run.resume() || !input) && folder.finished() > 0;
            throw e;
        } finally {
            if (keep) {
                run.notices()
                        .accept(folder.finished() + " sources are finished; --resume goes on with them, a build without"
                                + " it removes them");
            } else {
                folder.discard();
            }
        }
    }

    private CorpusReport buildIn(CorpusFolder folder, SourceFiles files) throws IOException {
        List<CorpusSource> sources = distinct(files.sources());
        CorpusParts parts = new CorpusParts(folder.parts(), run.notices());
        GeneVocabulary genes;
        String rule;
        if (settings.genes() != null) {
            genes = GeneVocabularyFiles.read(settings.genes());
            rule = "the file " + settings.genes().getFileName();
        } else {
            GeneTally tally = new GeneTally();
            sources = tally(sources, parts, tally);
            requireSome(sources);
            genes = tally.vocabulary(settings.minCells());
            rule = "genes seen in at least " + settings.minCells() + " cells of a source, in alphabetical order"
                    + (tally.enough(settings.minCells()) > genes.size() ? "; the " + genes.size() + " seen most" : "");
        }
        byte[] genesText = CorpusGenes.text(genes);
        SafeFiles.stream(folder.genes(), out -> out.write(genesText));
        CorpusAssembly assembly = new CorpusAssembly(List.of(), List.of(), List.of(), List.of());
        importAll(sources, parts, genes, assembly);
        requireSome(assembly.reports());
        List<CorpusManifest.Shard> shards = assembly.renumber(run.threads());
        folder.move(assembly.moves(folder.shards()));
        CorpusManifest manifest = CorpusManifest.of(
                genes.size(),
                Sha256.of(genesText),
                rule,
                settings.minGenes(),
                settings.minCounts(),
                assembly.tissues(),
                assembly.labels(),
                assembly.reports(),
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
        CorpusBuilder builder = new CorpusBuilder(filters, BuildRun.usual(), progress);
        SourceFiles files = SourceFiles.of(sources);
        CorpusAssembly assembly =
                new CorpusAssembly(before.sources(), before.shards(), before.tissues(), before.labels());
        Path adding = corpus.resolve(".adding");
        SafeFiles.deleteTree(adding);
        try {
            CorpusParts parts = new CorpusParts(adding, notice -> {});
            builder.importAll(builder.distinct(files.sources()), parts, genes, assembly);
            List<SourceReport> reports = assembly.reports();
            requireNew(reports, before.sources().size());
            builder.requireSome(reports.subList(before.sources().size(), reports.size()));
            List<CorpusManifest.Shard> shards = assembly.renumber(builder.run.threads());
            for (Path[] move : assembly.moves(corpus.resolve("shards"))) {
                SafeFiles.rename(move[0], move[1]);
            }
            SafeFiles.syncFolder(corpus.resolve("shards"));
            CorpusManifest after = before.with(assembly.tissues(), assembly.labels(), reports, shards);
            SafeFiles.text(corpus.resolve("manifest.json"), after.toJson());
            return new CorpusReport(corpus, after, builder.refused, files.ignored());
        } finally {
            SafeFiles.deleteTree(adding);
            CorpusFolder.deleteUnknownShards(corpus);
        }
    }

    /** A file that the corpus has already would count its cells twice, in training and in validation. */
    private static void requireNew(List<SourceReport> reports, int before) {
        for (SourceReport added : reports.subList(before, reports.size())) {
            for (SourceReport known : reports.subList(0, before)) {
                if (added.sha256() != null && added.sha256().equals(known.sha256())) {
                    throw InputException.about(added.path())
                            .found("is in the corpus already, as " + known.name() + "; its cells would count twice")
                            .remedy("Leave it out, or remove that source first with `celllm corpus remove`")
                            .build();
                }
            }
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

    /** Reads the cells of every source; one that fails is refused and leaves neither shards nor names. */
    private void importAll(List<CorpusSource> sources, CorpusParts parts, GeneVocabulary genes, CorpusAssembly assembly)
            throws IOException {
        String basis = tables + ", at least " + settings.minGenes() + " genes and " + settings.minCounts()
                + " counts, genes " + Sha256.of(CorpusGenes.text(genes));
        List<Outcome<SourceImport.Imported>> outcomes = attemptEach(sources, source -> {
            CorpusParts.Basis from = CorpusParts.Basis.of(source, basis);
            SourceImport.Imported before = parts.part(source, from);
            if (before != null) {
                return before;
            }
            SourceImport.Imported imported =
                    new SourceImport(source, identity, progress).cells(parts.place(source), genes, settings);
            parts.save(source, new CorpusParts.Part(from, imported));
            return imported;
        });
        for (Outcome<SourceImport.Imported> outcome : outcomes) {
            SourceImport.Imported imported = taken(outcome);
            if (imported != null) {
                attempt(outcome.source, () -> assembly.add(outcome.source, parts.folder(outcome.source), imported));
            }
        }
    }

    /** First reading: counts genes, and refuses sources whose genes go by another kind of name than most cells'. */
    private List<CorpusSource> tally(List<CorpusSource> sources, CorpusParts parts, GeneTally tally)
            throws IOException {
        List<Outcome<SourceImport.SeenGenes>> outcomes = attemptEach(sources, source -> {
            CorpusParts.Basis from = CorpusParts.Basis.of(source, tables);
            SourceImport.SeenGenes before = parts.seen(source, from);
            if (before != null) {
                return before;
            }
            SourceImport.SeenGenes genes = new SourceImport(source, identity, progress).genes();
            parts.save(source, new CorpusParts.Seen(from, genes));
            return genes;
        });
        Map<CorpusSource, SourceImport.SeenGenes> seen = new LinkedHashMap<>();
        Map<IdentifierKind, Long> cellsByKind = new EnumMap<>(IdentifierKind.class);
        for (Outcome<SourceImport.SeenGenes> outcome : outcomes) {
            SourceImport.SeenGenes genes = taken(outcome);
            if (genes != null) {
                seen.put(outcome.source, genes);
                cellsByKind.merge(genes.kind(), (long) genes.cells(), Long::sum);
            }
        }
        List<CorpusSource> usable = new ArrayList<>();
        for (Map.Entry<CorpusSource, SourceImport.SeenGenes> one : seen.entrySet()) {
            attempt(one.getKey(), () -> {
                requireCommonKind(one.getKey(), one.getValue().kind(), cellsByKind);
                tally.add(one.getValue().genes(), one.getValue().cellsWith());
                usable.add(one.getKey());
            });
        }
        return usable;
    }

    /** What came of one source: a result, or the reason why it is refused. */
    private record Outcome<T>(CorpusSource source, @Nullable T result, CorpusReport.@Nullable Refused refused) {}

    /** Does something with several sources at once; what refuses a source is among the outcomes, in the given order. */
    private <T> List<Outcome<T>> attemptEach(List<CorpusSource> sources, SourceWorkers.Work<CorpusSource, T> work)
            throws IOException {
        try {
            return SourceWorkers.each(sources, run.threads(), source -> {
                try {
                    return new Outcome<>(source, work.with(source), null);
                } catch (InputException | FileSystemException e) {
                    return new Outcome<>(source, null, refusal(source, e));
                }
            });
        } catch (ShardWriter.Unwritable e) {
            throw e.reason();
        }
    }

    /** The result, or {@code null} after noting the refusal. */
    private <T> @Nullable T taken(Outcome<T> outcome) {
        if (outcome.refused != null) {
            refused.add(outcome.refused);
        }
        return outcome.result;
    }

    private void requireCommonKind(CorpusSource source, IdentifierKind kind, Map<IdentifierKind, Long> cellsByKind) {
        long own = cellsByKind.getOrDefault(kind, 0L);
        for (Map.Entry<IdentifierKind, Long> other : cellsByKind.entrySet()) {
            boolean translated =
                    settings.tables().hgnc() != null || settings.tables().gencode() != null;
            if (!translated && other.getValue() > own) {
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
        } catch (InputException | FileSystemException e) {
            refused.add(refusal(source, e));
        }
    }

    private static CorpusReport.Refused refusal(CorpusSource source, Exception e) {
        return new CorpusReport.Refused(
                source.path(),
                e instanceof FileSystemException unreadable
                        ? source.path() + ": cannot be read: " + unreadable.getReason()
                        : String.valueOf(e.getMessage()));
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
}
