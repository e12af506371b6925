package org.celllm.app.command;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import org.celllm.app.console.Console;
import org.celllm.app.console.Spans;
import org.celllm.app.report.Figures;
import org.celllm.data.InputException;
import org.celllm.data.genes.GeneTable;
import org.celllm.data.genes.GeneTableFiles;
import org.celllm.network.ModelOptions;
import org.celllm.network.Preset;
import org.celllm.network.weights.ModelFolder;
import org.celllm.training.PlanFile;
import org.celllm.training.PretrainPlan;
import org.celllm.training.PretrainResult;
import org.celllm.training.PretrainSettings;
import org.celllm.training.Pretrainer;
import org.celllm.training.ReplacedModel;
import org.celllm.training.RunSettings;
import org.celllm.training.TrainedStart;
import org.celllm.training.TrainingCells;
import org.celllm.training.contrast.StepResult;
import org.celllm.training.genes.GeneEmbeddings;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** {@code celllm pretrain}: a corpus becomes a model. */
@Command(
        name = "pretrain",
        mixinStandardHelpOptions = true,
        description =
                "Pre-trains a model on a corpus, or for a quick look straight on files. The batch may be any size:"
                        + " memory follows --memory alone.",
        footer = {
            "",
            "Example:  celllm pretrain corpus --out model --preset small --batch 1024 --memory 6g",
            "Rare tissues as often as common ones:  celllm pretrain corpus --out model --balance tissue",
            "On from a model:  celllm pretrain own.h5ad --from model --out own-model --steps 200",
            "A quick look:  celllm pretrain a.h5ad b.h5ad --disease normal --out model --steps 50",
            "Plan only:  celllm pretrain corpus --out model --batch 4096 --memory 4g --dry-run"
        })
final class PretrainCommand implements Callable<Integer> {
    private final Console console;

    @Mixin
    CellsToTrainOn cells;

    @Option(names = "--out", required = true, paramLabel = "MODEL", description = "The model's folder.")
    Path out;

    @Option(
            names = "--preset",
            paramLabel = "tiny|small|published",
            description = "Size of the network (default: tiny, or that of --from).")
    @Nullable
    String preset;

    @Option(
            names = "--from",
            paramLabel = "MODEL",
            description =
                    "Go on from the weights of this model, with cells of your own or more of them. Genes that it does"
                            + " not know are added.")
    @Nullable
    Path from;

    @Option(
            names = "--batch",
            paramLabel = "N",
            description = "Cells a step, all compared with each other (default: 256).")
    @Nullable
    Integer batch;

    @Option(names = "--steps", paramLabel = "N", description = "Optimiser steps (default: by preset).")
    @Nullable
    Long steps;

    @Option(
            names = "--seed",
            paramLabel = "N",
            defaultValue = "1",
            description = "Decides everything random (default: ${DEFAULT-VALUE}).")
    long seed;

    @Option(
            names = "--learning-rate",
            paramLabel = "R",
            description =
                    "Highest learning rate (default: by preset; with --from half of that of a preset like the model).")
    @Nullable
    Double learningRate;

    @Option(
            names = "--gene-embeddings",
            paramLabel = "coexpression|random|GENES",
            description =
                    "What training starts from for each gene: which genes go together in the corpus, random numbers,"
                            + " or the folder of `celllm genes import` or `celllm genes embed` (default: coexpression, or"
                            + " those of --from).")
    @Nullable
    String geneEmbeddings;

    @Option(names = "--freeze-genes", description = "Do not train the gene embeddings, as published.")
    boolean freezeGenes;

    @Option(
            names = "--projection",
            paramLabel = "WIDTH",
            description = "Width of a head between the encoding and the contrastive objective; 0 for none"
                    + " (default: 0, or that of --from).")
    @Nullable
    Integer projection;

    @Option(
            names = "--checkpoint-every",
            paramLabel = "N",
            defaultValue = "200",
            description = "Steps between checkpoints (default: ${DEFAULT-VALUE}).")
    int checkpointEvery;

    @Option(
            names = "--validate-every",
            paramLabel = "N",
            defaultValue = "50",
            description = "Steps between looks at the validation cells (default: ${DEFAULT-VALUE}).")
    int validateEvery;

    @Option(
            names = "--resume",
            description = "Go on from the newest checkpoint of --out; with --force even if settings or machine differ.")
    boolean resume;

    @Option(names = "--force", description = "Replace what stands at --out.")
    boolean force;

    @Option(
            names = "--plan",
            paramLabel = "MODEL",
            description = "Divide batches as the run of that model did (its plan.json), instead of measuring.")
    Path plan;

    @Option(names = "--dry-run", description = "Print the plan (chunks, memory, time) and write nothing.")
    boolean dryRun;

    @Mixin
    SamplingOptions sampling;

    @Mixin
    ViewOptions views;

    @Mixin
    ComputeOptions compute;

    @Mixin
    JsonOption json;

    PretrainCommand(Console console) {
        this.console = console;
    }

    @Override
    public Integer call() throws Exception {
        checkFrom();
        RunSettings run = Checked.option(
                "--checkpoint-every, --validate-every",
                () -> new RunSettings(
                        compute.memory,
                        compute.threads.count(),
                        compute.checkedPrecision(),
                        validateEvery,
                        checkpointEvery,
                        2,
                        existing()));
        Path begun = from;
        try (TrainingCells cells = this.cells.open(seed, sampling.weights());
                TrainedStart start = begun == null ? null : TrainedStart.open(begun, cells)) {
            Pretrainer pretrainer = start == null
                    ? new Pretrainer(cells, settings(null), run, geneTable(), console.progress())
                    : Pretrainer.from(start, settings(start), run, console.progress());
            if (plan != null) {
                pretrainer.replaying(PlanFile.read(plan));
            }
            if (dryRun) {
                PretrainPlan plan = pretrainer.plan();
                show(plan, cells);
                json.write(new ObjectMapper().valueToTree(plan));
            } else {
                if (force && !resume) {
                    OutputOption.requireReplaceable(out, FolderKind.MODEL);
                    if (ModelFolder.isModel(out)) {
                        console.notice("the model at " + out + " stays at " + ReplacedModel.path(out)
                                + " until the new one is whole");
                    }
                }
                PretrainResult result = pretrainer.run(out);
                show(result.plan(), cells);
                show(result);
                json.write(figures(result));
            }
        }
        return 0;
    }

    /** What the model to go on from decides cannot be asked for. */
    private void checkFrom() {
        if (from != null && (preset != null || geneEmbeddings != null || projection != null)) {
            throw InputException.about("--from")
                    .found("is given with "
                            + (preset != null
                                    ? "--preset"
                                    : geneEmbeddings != null ? "--gene-embeddings" : "--projection"))
                    .expected("the size, the genes and the heads of the model to go on from")
                    .remedy("Leave it out, or train a new model without --from")
                    .build();
        }
    }

    private @Nullable GeneTable geneTable() throws IOException {
        String asked = geneEmbeddings;
        return asked != null && kindOfGenes() == GeneEmbeddings.IMPORTED ? GeneTableFiles.read(Path.of(asked)) : null;
    }

    private PretrainSettings settings(@Nullable TrainedStart start) {
        PretrainSettings usual =
                PretrainSettings.of(start != null ? start.preset() : Preset.of(preset == null ? "tiny" : preset));
        Integer asked = projection;
        int width = start != null ? start.projection() : asked == null ? 0 : asked;
        return Checked.option("--batch, --steps, --learning-rate, --projection", () -> {
            PretrainSettings settings = usual.with(
                            batch == null ? usual.batch() : batch, steps == null ? usual.steps() : steps, seed)
                    .with(views.views(), views.objectives())
                    .with(kindOfGenes())
                    .with(new ModelOptions(
                            width, !freezeGenes, views.objectives().pooling()));
            double rate = start == null ? usual.learningRate() : usual.learningRate() / 2;
            return settings.withLearningRate(learningRate == null ? rate : learningRate);
        });
    }

    private GeneEmbeddings kindOfGenes() {
        if (from != null) {
            return GeneEmbeddings.TRAINED;
        }
        return switch (geneEmbeddings == null ? "coexpression" : geneEmbeddings) {
            case "coexpression" -> GeneEmbeddings.COEXPRESSION;
            case "random" -> GeneEmbeddings.RANDOM;
            default -> GeneEmbeddings.IMPORTED;
        };
    }

    private static String kept(int graphs, int whole) {
        return graphs + " keep their graph"
                + (whole == 0 ? "" : ", " + whole + " of them with all that the way back reads");
    }

    private RunSettings.Existing existing() {
        if (resume) {
            return force ? RunSettings.Existing.RESUME_ANYWAY : RunSettings.Existing.RESUME;
        }
        return force ? RunSettings.Existing.REPLACE : RunSettings.Existing.REFUSE;
    }

    private void show(PretrainPlan plan, TrainingCells cells) {
        List<List<String>> rows = new ArrayList<>();
        rows.add(List.of(
                "network",
                plan.network().depth() + " layers of " + plan.network().dim() + ", "
                        + Figures.whole(plan.network().genes()) + " genes"));
        rows.add(List.of(
                "parameters",
                Figures.large((double) plan.parameters()) + ", " + Figures.large((double) plan.trained())
                        + " trained"));
        rows.add(List.of("training cells", Figures.whole(plan.cells())));
        if (!cells.sampling().isEmpty()) {
            rows.add(List.of("drawn", cells.sampling()));
        }
        rows.add(List.of("steps × batch", Figures.whole(plan.steps()) + " × " + Figures.whole(plan.batch())));
        rows.add(List.of(
                "chunks a step",
                Figures.whole(plan.chunks()) + " of " + Figures.whole(plan.chunkPositions()) + " positions at most, "
                        + kept(Math.min(plan.kept(), plan.chunks()), Math.min(plan.whole(), plan.chunks()))));
        if (plan.recomputed() > 0) {
            rows.add(List.of(
                    "longest cells",
                    Figures.whole(plan.recomputed()) + " cells have a chunk of their own, whose layers are computed"
                            + " again one by one"));
        }
        for (PretrainPlan.Change change : plan.changes()) {
            rows.add(List.of(
                    "from step " + Figures.whole(change.step()),
                    Figures.whole(change.chunkPositions()) + " positions at most, "
                            + kept(change.kept(), change.whole())
                            + ", since " + MemorySize.text((double) change.peakBytes())
                            + " were in use"));
        }
        rows.add(List.of(
                "memory expected",
                MemorySize.text((double) plan.expectedBytes()) + " of " + MemorySize.text((double) plan.budget())));
        rows.add(List.of("time expected", "about " + Spans.of(Duration.ofMillis(Math.round(plan.seconds() * 1000)))));
        console.heading("Plan");
        console.table(List.of("what", "value"), rows);
        plan.notes().forEach(note -> console.line("note: " + note));
    }

    private void show(PretrainResult result) {
        console.heading("Losses");
        List<List<String>> rows = new ArrayList<>();
        rows.add(row("last batch", result.last()));
        StepResult validation = result.validation();
        if (validation != null) {
            rows.add(row("validation", validation));
        }
        console.table(
                List.of("cells", "loss", "masked", "right", "commonest", "disease", "right", "contrastive", "found"),
                rows);
        String peak =
                result.peakBytes() > 0 ? ", " + MemorySize.text((double) result.peakBytes()) + " resident at most" : "";
        console.line("trained in " + Spans.of(Duration.ofMillis(Math.round(result.seconds() * 1000))) + peak);
        console.line("model: " + result.model());
    }

    private static List<String> row(String cells, StepResult step) {
        return List.of(
                cells,
                Figures.share(step.loss()),
                Figures.share(step.masked()),
                Figures.share(step.maskedRight()),
                Figures.share(step.commonest()),
                Figures.share(step.disease()),
                Figures.share(step.diseaseRight()),
                Figures.share(step.contrastive()),
                Figures.share(step.retrieved()));
    }

    private static ObjectNode figures(PretrainResult result) {
        ObjectNode figures = new ObjectMapper().createObjectNode();
        figures.put("model", result.model().toString());
        figures.set("plan", new ObjectMapper().valueToTree(result.plan()));
        figures.put("firstStep", result.firstStep());
        figures.put("seconds", result.seconds());
        figures.put("peakResidentBytes", result.peakBytes());
        figures.set("train", JsonFigures.finite(result.last()));
        if (result.validation() != null) {
            figures.set("validation", JsonFigures.finite(result.validation()));
        }
        return figures;
    }
}
