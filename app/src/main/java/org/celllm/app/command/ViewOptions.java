package org.celllm.app.command;

import java.util.EnumSet;
import java.util.Set;
import org.celllm.network.Pooling;
import org.celllm.training.objective.Contrast;
import org.celllm.training.objective.Objectives;
import org.celllm.training.views.ViewSettings;
import picocli.CommandLine.Option;

/** How cells are seen in training, and what is minimised. */
final class ViewOptions {
    @Option(
            names = "--hide",
            paramLabel = "SHARE",
            description = "Share of a cell's genes that a view leaves out (default: ${DEFAULT-VALUE}).")
    double hide = ViewSettings.DEFAULT.hide();

    @Option(
            names = "--thin",
            paramLabel = "SHARE",
            description = "Least share of its counts that a view keeps; each view draws its own depth from here to 1 "
                    + "(default: ${DEFAULT-VALUE}).")
    double thin = ViewSettings.DEFAULT.thin();

    @Option(
            names = "--mask",
            paramLabel = "SHARE",
            description = "Share of a view's genes whose expression is to be guessed (default: ${DEFAULT-VALUE}).")
    double mask = ViewSettings.DEFAULT.mask();

    @Option(
            names = "--dropout",
            paramLabel = "RATE",
            description = "Dropout in the encoder (default: ${DEFAULT-VALUE}).")
    double dropout = ViewSettings.DEFAULT.dropout();

    @Option(
            names = "--temperature",
            paramLabel = "T",
            description = "Temperature of the contrastive objective (default: ${DEFAULT-VALUE}).")
    double temperature = Contrast.DEFAULT.temperature();

    @Option(
            names = "--learn-temperature",
            description = "Learns the temperature, from --temperature on, instead of keeping it.")
    boolean learnTemperature;

    @Option(
            names = "--contrast",
            paramLabel = "infonce|siglip",
            description =
                    "How cells are told apart: each from all others at once, or pair by pair" + " (default: infonce).")
    Contrast.Kind contrast = Contrast.DEFAULT.kind();

    @Option(
            names = "--exclude",
            paramLabel = "WHAT",
            split = ",",
            description = "Pairs of different cells that are not held against each other: label (of the same label, see"
                    + " corpus build --label-column), duplicates (of nearly the same values), sources (of different"
                    + " sources), or several with commas (default: none).")
    Set<Contrast.Exclusion> exclude = EnumSet.noneOf(Contrast.Exclusion.class);

    @Option(
            names = "--pool",
            paramLabel = "cls|mean",
            description = "What represents a cell in the contrastive objective (default: cls).")
    Pooling pool = Objectives.DEFAULT.pooling();

    @Option(
            names = "--masked-weight",
            paramLabel = "W",
            description = "Weight of masked expression, 0 for none (default: ${DEFAULT-VALUE}).")
    double masked = Objectives.DEFAULT.masked();

    @Option(
            names = "--disease-weight",
            paramLabel = "W",
            description = "Weight of normal against cancer, 0 for none (default: ${DEFAULT-VALUE}).")
    double disease = Objectives.DEFAULT.disease();

    @Option(
            names = "--contrastive-weight",
            paramLabel = "W",
            description = "Weight of the contrastive objective, 0 for none (default: ${DEFAULT-VALUE}).")
    double contrastive = Objectives.DEFAULT.contrastive();

    /** The views. */
    ViewSettings views() {
        return Checked.option(
                "--hide, --thin, --mask, --dropout",
                () -> new ViewSettings(hide, thin, mask, ViewSettings.DEFAULT.replaced(), dropout));
    }

    /** The objectives. */
    Objectives objectives() {
        return Checked.option(
                "--temperature, --*-weight",
                () -> new Objectives(
                        masked,
                        disease,
                        contrastive,
                        new Contrast(contrast, temperature, learnTemperature, exclude),
                        pool));
    }
}
