package org.celllm.training;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import org.celllm.data.InputException;
import org.celllm.data.cells.CellBatch;
import org.celllm.data.genes.GeneTable;
import org.celllm.data.progress.Progress;
import org.celllm.network.NetworkConfig;
import org.celllm.network.runtime.ResidentMemory;
import org.celllm.network.weights.ModelFolder;
import org.celllm.training.checkpoint.CheckpointStore;
import org.celllm.training.contrast.ChunkPlan;
import org.celllm.training.contrast.StepResult;
import org.celllm.training.genes.GeneCoexpression;
import org.celllm.training.genes.GeneEmbeddings;
import org.celllm.training.genes.ImportedGenes;
import org.jspecify.annotations.Nullable;

/**
 * Pre-trains a model: reads a batch, takes the divided step, moves the weights; now and then looks at cells that are
 * not trained on and saves a checkpoint; at the end writes the model's folder.
 *
 * <p>A run is a pure function of its settings, cells and machine: interrupted at any moment and resumed, it ends in
 * the same bits.
 */
public final class Pretrainer {
    private static final ObjectMapper JSON = new ObjectMapper();

    /** Cells that validation looks at, at most. */
    private static final int VALIDATION_CELLS = 512;

    private final TrainingCells cells;
    private final PretrainSettings settings;
    private final RunSettings run;
    private final List<String> notes;
    private final Progress progress;
    private final @Nullable GeneTable imported;
    private @Nullable PretrainPlan replayed;
    private @Nullable TrainedStart start;

    /**
     * A run that starts from a given table of gene embeddings where the settings say {@link GeneEmbeddings#IMPORTED}.
     *
     * @param cells to train on
     * @param asked for; fitted to what the cells can teach, which is noted
     * @param run how to use the machine
     * @param imported first embeddings of the genes; {@code null} where the settings ask for none
     */
    public Pretrainer(
            TrainingCells cells,
            PretrainSettings asked,
            RunSettings run,
            @Nullable GeneTable imported,
            Progress progress) {
        if ((asked.genes() == GeneEmbeddings.IMPORTED) != (imported != null)) {
            throw new IllegalArgumentException("settings and gene embeddings do not fit each other");
        }
        Adaptation adaptation = Adaptation.of(asked, cells);
        this.cells = cells;
        this.settings = adaptation.settings();
        this.run = run;
        this.notes = new ArrayList<>(adaptation.notes());
        notes.addAll(cells.samplingNotes(settings.batch()));
        this.progress = progress;
        this.imported = imported;
        if (imported != null) {
            ImportedGenes.check(
                    imported,
                    cells.genes(),
                    settings.preset().config(cells.genes().size()).dim());
            notes.add("gene embeddings: " + ImportedGenes.known(imported, cells.genes()) + " of "
                    + cells.genes().size() + " genes are in the table, the others begin random");
        }
    }

    /**
     * @param cells to train on
     * @param asked for; fitted to what the cells can teach, which is noted
     * @param run how to use the machine
     */
    public Pretrainer(TrainingCells cells, PretrainSettings asked, RunSettings run, Progress progress) {
        this(cells, asked, run, null, progress);
    }

    /**
     * A run that goes on from a trained model.
     *
     * @param start its {@linkplain TrainedStart#cells cells} are trained on; {@link #run} gives its weights back
     * @param asked for, with {@link GeneEmbeddings#TRAINED} and the model's projection
     */
    public static Pretrainer from(TrainedStart start, PretrainSettings asked, RunSettings run, Progress progress) {
        if (asked.genes() != GeneEmbeddings.TRAINED || asked.model().projection() != start.projection()) {
            throw new IllegalArgumentException("settings of a run that does not go on from a model");
        }
        Pretrainer pretrainer = new Pretrainer(start.cells(), asked, run, null, progress);
        pretrainer.start = start;
        pretrainer.notes.add(start.note());
        return pretrainer;
    }

    private NetworkConfig network() {
        return start != null
                ? start.network()
                : settings.preset().config(cells.genes().size());
    }

    /**
     * Divides batches as another run did, instead of measuring.
     *
     * @param plan of a run with the same network and batch
     * @throws InputException when it is of another
     */
    public Pretrainer replaying(PretrainPlan plan) {
        NetworkConfig network = network();
        if (!plan.network().equals(network) || plan.batch() != settings.batch()) {
            throw InputException.about("--plan")
                    .found("the plan is for a batch of " + plan.batch() + " and another network or corpus")
                    .expected("a batch of " + settings.batch() + " and " + network.genes() + " genes")
                    .build();
        }
        this.replayed = plan;
        return this;
    }

    /** What {@link #run} would do, measured by two small chunks. Writes nothing. */
    public PretrainPlan plan() {
        NetworkConfig network = network();
        try (TrainingRun parts =
                new TrainingRun(settings, run, network, TrainingRun.FirstModel.untrained(network, null))) {
            CellBatch batch = cells.batch(0, settings.batch());
            return parts.plan(batch, cells.cells(), run.memory(), notes);
        }
    }

    /**
     * Trains.
     *
     * @param out the model's folder
     * @throws InputException when the folder exists and may not be used, memory is too little, a checkpoint does not
     *     fit, or training diverges
     */
    public PretrainResult run(Path out) throws IOException {
        CheckpointStore store = new CheckpointStore(out.resolve("checkpoints"), run.keepCheckpoints());
        Optional<CheckpointStore.Found> found = prepare(out, store);
        NetworkConfig network = network();
        try (TrainingRun parts = new TrainingRun(settings, run, network, firstModel(network, found.isPresent()));
                BatchAhead ahead = new BatchAhead(cells, settings.batch())) {
            ObjectNode identity = RunIdentity.of(settings, cells, parts.threads(), run.precision());
            if (imported != null) {
                identity.put("geneEmbeddings", imported.sha256());
            }
            if (start != null) {
                identity.put("from", start.hash());
            }
            long first = found.isPresent() ? resume(out, found.get(), parts, identity) : 0;
            Optional<PretrainPlan> begun = PlanFile.ofRun(out, identity);
            PretrainPlan plan;
            if (begun.isPresent()) {
                plan = begun.get();
            } else if (found.isPresent()) {
                plan = JSON.treeToValue(found.get().state().path("plan"), PretrainPlan.class);
            } else {
                plan = replayed != null ? replayed : firstPlan(parts, ahead);
                PlanFile.write(out, plan, identity);
            }
            boolean measured = begun.isEmpty() && found.isEmpty() && replayed == null;
            if (first == settings.steps() && !ModelFolder.isModel(out)) {
                // It was cut off between its last checkpoint and the model.
                ObjectNode state = found.orElseThrow().state();
                StepResult last = JSON.treeToValue(state.path("train"), StepResult.class);
                StepResult validation =
                        state.has("validation") ? JSON.treeToValue(state.path("validation"), StepResult.class) : null;
                return finish(out, parts, identity, new PretrainResult(out, plan, first, last, validation, 0, 0));
            }
            return train(out, store, parts, identity, new Division(plan, measured), first, ahead);
        }
    }

    /** @param found whether there is a checkpoint to go on from, which has all weights */
    private TrainingRun.FirstModel firstModel(NetworkConfig network, boolean found) {
        TrainedStart from = start;
        if (from != null && !found) {
            return from::create;
        }
        return TrainingRun.FirstModel.untrained(network, found ? null : geneTable(network));
    }

    private float @Nullable [] geneTable(NetworkConfig network) {
        if (settings.genes() == GeneEmbeddings.RANDOM) {
            return null;
        }
        if (imported != null) {
            return ImportedGenes.table(imported, cells.genes(), settings.seed());
        }
        float[] table = GeneCoexpression.table(cells, network.dim(), settings.seed(), progress);
        // Only a full collection makes the heap smaller again, and the heap counts as resident while training.
        System.gc();
        return table;
    }

    /** In a method of its own: the batch that is measured with is not held while training. */
    private PretrainPlan firstPlan(TrainingRun parts, BatchAhead ahead) {
        CellBatch batch = ahead.take(0);
        return parts.plan(batch, cells.cells(), run.memory(), notes);
    }

    private PretrainResult train(
            Path out,
            CheckpointStore store,
            TrainingRun parts,
            ObjectNode identity,
            Division division,
            long first,
            BatchAhead ahead)
            throws IOException {
        PretrainPlan plan = division.plan();
        parts.allow(plan, first + 1);
        CellBatch held = cells.validation(VALIDATION_CELLS);
        StepResult last = null;
        StepResult validation = null;
        long began = System.nanoTime();
        long peak = 0;
        try (MetricsLog log = MetricsLog.open(out.resolve("metrics.jsonl"), first);
                Progress.Task task = progress.start("Pre-training", "steps", settings.steps())) {
            task.advance(first);
            ResidentMemory.resetPeak();
            for (long step = first; step < settings.steps(); step++) {
                ChunkPlan chunks = plan.division(step + 1);
                last = take(parts, ahead, step, chunks, log);
                long done = step + 1;
                boolean end = done == settings.steps();
                long reached = ResidentMemory.peak().orElse(0);
                peak = Math.max(peak, reached);
                if (!end) {
                    PretrainPlan next =
                            new Division(plan, division.measured()).after(done, last, reached, run.memory());
                    if (!next.division(done + 1).equals(chunks)) {
                        parts.allow(next, done + 1);
                        ResidentMemory.giveBack();
                        ResidentMemory.resetPeak();
                    }
                    if (!next.equals(plan)) {
                        plan = next;
                        PlanFile.write(out, plan, identity);
                    }
                }
                if (held.cells() > 1 && (end || due(run.validateEvery(), done))) {
                    validation = parts.validate(held, chunks);
                    ResidentMemory.giveBack();
                    log.validation(done, validation, ResidentMemory.current());
                }
                if (end || due(run.checkpointEvery(), done)) {
                    store.save(done, parts.state(), RunRecords.checkpoint(identity, plan, last, validation));
                }
                task.advance(1);
                task.note(note(last, validation));
            }
            peak = Math.max(peak, ResidentMemory.peak().orElse(0));
        }
        if (last == null) {
            throw InputException.about(out)
                    .found("the run has already done its " + settings.steps() + " steps")
                    .remedy("Use the model as it is, or start another with more --steps")
                    .build();
        }
        return finish(
                out, parts, identity, new PretrainResult(out, plan, first, last, validation, seconds(began), peak));
    }

    private PretrainResult finish(Path out, TrainingRun parts, ObjectNode identity, PretrainResult result)
            throws IOException {
        ModelFolder.write(
                out,
                parts.model,
                cells.genes(),
                RunRecords.provenance(identity, result, cells.description(), run.memory(), notes));
        ReplacedModel.drop(out);
        return result;
    }

    /** One step, in a method of its own: its batch is not held while the next one is read. */
    private static StepResult take(TrainingRun parts, BatchAhead ahead, long step, ChunkPlan chunks, MetricsLog log)
            throws IOException {
        long start = System.nanoTime();
        CellBatch batch = ahead.take(step);
        double waited = seconds(start);
        try {
            TrainingRun.Taken taken = parts.step(batch, step, chunks);
            StepResult result = taken.result();
            log.train(step + 1, result, taken.learningRate(), taken.gradientNorm(), seconds(start), waited);
            return result;
        } catch (ArithmeticException e) {
            throw InputException.about("step " + (step + 1))
                    .found("training diverged: " + e.getMessage())
                    .remedy("Lower --learning-rate or raise --temperature; the last checkpoint is unharmed")
                    .build(e);
        }
    }

    /** Deals with a folder that is there, and finds the checkpoint to go on from. */
    private Optional<CheckpointStore.Found> prepare(Path out, CheckpointStore store) throws IOException {
        boolean exists = Files.exists(out);
        switch (run.existing()) {
            case REFUSE -> {
                if (exists) {
                    throw InputException.about(out)
                            .found("exists already")
                            .remedy("Go on with it by --resume, replace it by --force, or choose another --out")
                            .build();
                }
            }
            case REPLACE -> ReplacedModel.setAside(out);
            case RESUME, RESUME_ANYWAY -> {
                Optional<CheckpointStore.Found> found = store.newest();
                if (exists && found.isEmpty() && Files.isDirectory(out.resolve("checkpoints"))) {
                    notes.add("no valid checkpoint was found: the run began anew");
                }
                if (found.isPresent()) {
                    return found;
                }
            }
        }
        Files.createDirectories(out);
        return Optional.empty();
    }

    private long resume(Path out, CheckpointStore.Found found, TrainingRun parts, ObjectNode identity)
            throws IOException {
        List<String> differences = RunIdentity.differences(found.state().path("identity"), identity);
        if (!differences.isEmpty()) {
            if (run.existing() != RunSettings.Existing.RESUME_ANYWAY) {
                throw CheckpointStore.cannotResume(
                        out,
                        String.join("; ", differences),
                        "Run it as it was begun, or go on regardless with --resume --force");
            }
            notes.add("resumed at step " + found.step() + " although it differs: " + String.join("; ", differences));
        }
        found.restore(parts.state());
        parts.optimiser.restored(found.step());
        return found.step();
    }

    private static String note(StepResult last, @Nullable StepResult validation) {
        String text = String.format(Locale.ROOT, "loss %.3f", last.loss());
        return validation == null ? text : text + String.format(Locale.ROOT, ", held out %.3f", validation.loss());
    }

    private static boolean due(int every, long done) {
        return every > 0 && done % every == 0;
    }

    private static double seconds(long since) {
        return (System.nanoTime() - since) * 1e-9;
    }
}
