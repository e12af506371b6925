package org.celllm.app.command;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.Callable;
import org.celllm.app.console.Console;
import org.celllm.app.report.Figures;
import org.celllm.data.InputException;
import org.celllm.data.files.SafeFiles;
import org.celllm.data.simulate.SimulationSettings;
import org.celllm.data.simulate.Simulator;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** {@code celllm simulate}: counts with known truth. */
@Command(
        name = "simulate",
        mixinStandardHelpOptions = true,
        description = "Simulates cells with known truth: types, donors, malignant cells, response to a drug.",
        footer = {
            "",
            "Example:  celllm simulate --cells 5000 --seed 7 --out cells.h5ad",
            "At scale: celllm simulate --cells 2000000 --sources 40 --genes 6000 --out cells/"
        })
final class SimulateCommand implements Callable<Integer> {
    private final Console console;

    @Mixin
    OutputOption out;

    @Mixin
    JsonOption json;

    @Option(names = "--cells", paramLabel = "N", required = true, description = "How many cells.")
    int cells;

    @Option(names = "--genes", paramLabel = "N", description = "How many genes (default: ${DEFAULT-VALUE}).")
    int genes = SimulationSettings.of(1, 1).genes();

    @Option(names = "--types", paramLabel = "N", description = "Cell types (default: ${DEFAULT-VALUE}).")
    int types = SimulationSettings.of(1, 1).types();

    @Option(
            names = "--donors",
            paramLabel = "N",
            description = "Donors, each a batch; the second half are patients (default: ${DEFAULT-VALUE}).")
    int donors = SimulationSettings.of(1, 1).donors();

    @Option(
            names = "--depth",
            paramLabel = "N",
            description = "Median counts a cell at 10,000 genes (default: ${DEFAULT-VALUE}).")
    double depth = SimulationSettings.of(1, 1).depth();

    @Option(
            names = "--malignant",
            paramLabel = "SHARE",
            description = "Malignant share of a patient's cells (default: ${DEFAULT-VALUE}).")
    double malignant = SimulationSettings.of(1, 1).malignant();

    @Option(
            names = "--distance",
            paramLabel = "X",
            description = "How far types are apart; more is easier (default: ${DEFAULT-VALUE}).")
    double distance = SimulationSettings.of(1, 1).distance();

    @Option(
            names = "--tissue",
            paramLabel = "N",
            defaultValue = "0",
            description = "Seed of genes and types (default: ${DEFAULT-VALUE}).")
    long tissue;

    @Option(
            names = "--seed",
            paramLabel = "N",
            defaultValue = "1",
            description = "Seed of donors and cells (default: ${DEFAULT-VALUE}).")
    long seed;

    @Option(
            names = "--sources",
            paramLabel = "N",
            description = "Write a folder of so many files instead of one file. Each has donors and cells of its own:"
                    + " source 1 is drawn by --seed, source 2 by the next seed.")
    @Nullable
    Integer sources;

    @Mixin
    ThreadsOption threads;

    SimulateCommand(Console console) {
        this.console = console;
    }

    @Override
    public Integer call() throws Exception {
        int workers = threads.count();
        SimulationSettings settings =
                new SimulationSettings(cells, genes, types, donors, depth, malignant, distance, tissue, seed);
        if (sources == null && !out.path.toString().toLowerCase(Locale.ROOT).endsWith(".h5ad")) {
            throw InputException.about(out.path)
                    .found("does not end in .h5ad")
                    .expected("a file of cells as .h5ad, or with --sources a folder of such")
                    .remedy("Name the output cells.h5ad")
                    .build();
        }
        Path target = sources == null ? out.freeFile() : out.freeFolder(FolderKind.SIMULATION);
        Simulator simulator = new Simulator(settings);
        if (sources == null) {
            simulator.write(target, workers, console.progress());
        } else {
            List<SimulationSettings> parts = settings.split(sources);
            SafeFiles.folder(target, folder -> {
                int width = Integer.toString(parts.size()).length();
                for (int i = 0; i < parts.size(); i++) {
                    String name = String.format(Locale.ROOT, "source%0" + width + "d.h5ad", i + 1);
                    new Simulator(parts.get(i)).write(folder.resolve(name), workers, console.progress());
                }
            });
        }
        long bytes = bytes(target);
        console.table(
                List.of("written", "files", "cells", "genes", "types", "donors", "MB"),
                List.of(List.of(
                        target.toString(),
                        Figures.whole(sources == null ? 1 : sources),
                        Figures.whole(cells),
                        Figures.whole(genes),
                        Figures.whole(types),
                        Figures.whole((sources == null ? 1L : sources) * donors),
                        Figures.whole(Math.round(bytes / 1e6)))));
        ObjectNode figures = JsonNodeFactory.instance.objectNode();
        figures.put("file", target.toString())
                .put("bytes", bytes)
                .put("files", sources == null ? 1 : sources)
                .put("cells", cells)
                .put("genes", genes)
                .put("donors", donors)
                .put("seed", seed);
        simulator.types().forEach(figures.putArray("types")::add);
        json.write(figures);
        return 0;
    }

    private static long bytes(Path target) throws IOException {
        if (Files.isRegularFile(target)) {
            return Files.size(target);
        }
        long bytes = 0;
        try (DirectoryStream<Path> files = Files.newDirectoryStream(target)) {
            for (Path file : files) {
                bytes += Files.size(file);
            }
        }
        return bytes;
    }
}
