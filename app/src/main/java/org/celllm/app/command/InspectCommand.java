package org.celllm.app.command;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import org.celllm.app.ExitCode;
import org.celllm.app.console.Console;
import org.celllm.app.report.Figures;
import org.celllm.data.InputException;
import org.celllm.data.genes.GeneIdentity;
import org.celllm.data.genes.GeneMapping;
import org.celllm.data.genes.GeneReport;
import org.celllm.data.genes.GeneReportFiles;
import org.celllm.data.genes.GeneVocabulary;
import org.celllm.data.genes.GeneVocabularyFiles;
import org.celllm.data.inspect.ColumnSummary;
import org.celllm.data.inspect.FileInspection;
import org.celllm.data.tokens.SlotChoice;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code celllm inspect}: what files hold, and what would be read of them. */
@Command(
        name = "inspect",
        mixinStandardHelpOptions = true,
        description = "Says what files hold: cells, genes, matrices, state of the values, gene names, label columns.",
        footer = {
            "",
            "Example:  celllm inspect cells.h5ad --genes model/genes.tsv --json cells.json",
            "Genes:    celllm inspect cells.h5ad --hgnc hgnc_complete_set.txt --genes-out genes.tsv"
        })
final class InspectCommand implements Callable<Integer> {
    private static final int MOST_COLUMNS = 40;

    private final Console console;

    @Parameters(arity = "1..*", paramLabel = "FILE", description = "Files, or 10x folders.")
    List<Path> files;

    @Option(
            names = "--genes",
            paramLabel = "FILE|MODEL",
            description = "Also report how the genes map to this vocabulary, or to a model's.")
    @Nullable
    Path genes;

    @Option(
            names = "--genes-out",
            paramLabel = "FILE",
            description = "Write a tsv of the genes: name, kind, what it is taken for and by which rule, or why not.")
    @Nullable
    Path genesOut;

    @Mixin
    ReadingOptions reading;

    @Mixin
    JsonOption json;

    InspectCommand(Console console) {
        this.console = console;
    }

    @Override
    public Integer call() throws Exception {
        requireOneFile();
        GeneVocabulary vocabulary = vocabulary();
        GeneIdentity identity = reading.identity();
        ArrayNode figures = JsonNodeFactory.instance.arrayNode();
        int code = ExitCode.DONE;
        for (Path file : files) {
            try {
                FileInspection inspection = FileInspection.of(file, reading.valuesOption(), identity, vocabulary);
                show(inspection);
                writeGenes(inspection);
                figures.add(inspection.toJson());
                if (inspection.choice() == null) {
                    console.error(String.valueOf(inspection.problem()));
                    code = ExitCode.INPUT;
                }
            } catch (InputException refused) {
                console.error(ExitCode.sentence(refused));
                code = ExitCode.INPUT;
            }
        }
        json.write(figures.size() == 1 && files.size() == 1 ? figures.get(0) : figures);
        return code;
    }

    private void requireOneFile() {
        if (genesOut != null && files.size() > 1) {
            throw InputException.about("--genes-out")
                    .found("is one file for the genes of " + files.size())
                    .expected("a single file to inspect")
                    .remedy("Inspect the files one at a time")
                    .build();
        }
    }

    private void writeGenes(FileInspection inspection) throws IOException {
        Path path = genesOut;
        if (path != null) {
            GeneReportFiles.write(path, inspection.genes().names());
            console.line("wrote " + path + ", a line for each of "
                    + Figures.whole(inspection.genes().genes()) + " genes");
        }
    }

    private @Nullable GeneVocabulary vocabulary() throws Exception {
        Path path = genes;
        if (path == null) {
            return null;
        }
        return GeneVocabularyFiles.read(Files.isDirectory(path) ? path.resolve("genes.tsv") : path);
    }

    private void show(FileInspection file) {
        console.heading(file.path() + ": " + file.format());
        SlotChoice choice = file.choice();
        List<List<String>> slots = new ArrayList<>();
        file.slots()
                .forEach(finding -> slots.add(List.of(
                        choice != null && choice.slot().equals(finding.slot()) ? "→" : "",
                        finding.slot().name(),
                        Figures.whole(finding.slot().cells()),
                        Figures.whole(finding.slot().genes()),
                        finding.slot().layout().name().toLowerCase(java.util.Locale.ROOT) + " "
                                + finding.slot().valueType(),
                        finding.state().word(),
                        finding.evidence())));
        console.table(List.of("", "matrix", "cells", "genes", "stored as", "values", "because"), slots);
        if (choice != null) {
            console.line(
                    "reads " + choice.slot().name() + " as " + choice.state().word() + ": " + choice.reason());
        }
        console.line("genes: " + Figures.whole(file.genes().genes()) + ", named by "
                + file.genes().kind() + " in "
                + file.genes().column() + ", such as "
                + String.join(", ", file.genes().examples())
                + (file.genes().duplicated() > 0
                        ? "; " + Figures.whole(file.genes().duplicated()) + " share a name"
                        : ""));
        GeneReport report = file.genes().report();
        if (report != null) {
            GeneTables.show(console, report);
        }
        GeneMapping mapping = file.genes().mapping();
        if (mapping != null) {
            console.line("mapped: " + mapping.summary());
        }
        columns(file);
        file.remarks().forEach(remark -> console.line("note: " + remark));
    }

    private void columns(FileInspection file) {
        if (file.columns().isEmpty()) {
            console.line("columns: none");
            return;
        }
        List<List<String>> rows = new ArrayList<>();
        for (ColumnSummary column : file.columns()) {
            if (rows.size() == MOST_COLUMNS) {
                break;
            }
            List<String> common = new ArrayList<>();
            column.common().forEach(value -> common.add(value.value() + " " + Figures.whole(value.cells())));
            rows.add(List.of(
                    column.label() ? "label" : "",
                    column.name(),
                    column.type(),
                    Figures.whole(column.distinct()),
                    Figures.whole(column.missing()),
                    column.label() ? String.join(", ", common) : ""));
        }
        console.table(List.of("", "column", "type", "values", "missing", "commonest"), rows);
        if (file.columns().size() > MOST_COLUMNS) {
            console.line("and " + (file.columns().size() - MOST_COLUMNS) + " more columns (all are in --json)");
        }
    }
}
