package org.celllm.app.command;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/** The folders that verbs write, so that {@code --force} replaces one of its own kind and no other. */
enum FolderKind {
    /** Of {@code pretrain} and {@code import}; a training that was cut off has no configuration yet. */
    MODEL("a model") {
        private static final List<String> UNFINISHED = List.of("plan.json", "metrics.jsonl", "checkpoints");

        @Override
        boolean holds(Path folder) throws IOException {
            return begins(folder, "config.json", "celllm-model") || UNFINISHED.containsAll(names(folder));
        }
    },
    /** Of {@code annotate fit}, {@code annotate import} and {@code sensitivity fit}. */
    ANNOTATOR("an annotator or predictor") {
        @Override
        boolean holds(Path folder) throws IOException {
            return begins(folder, "config.json", "celllm-annotator");
        }
    },
    /** Of {@code response fit}. */
    RESPONSE("a model of drug response") {
        @Override
        boolean holds(Path folder) throws IOException {
            return begins(folder, "response.json", "celllm-response");
        }
    },
    /** Of {@code genes import} and {@code genes embed}. */
    GENES("a table of gene embeddings") {
        @Override
        boolean holds(Path folder) {
            return has(folder, "genes.tsv") && has(folder, "embeddings.safetensors");
        }
    },
    /** Of {@code evaluate} but the suite. */
    EVALUATION("an evaluation") {
        @Override
        boolean holds(Path folder) {
            return has(folder, "evaluation.json") || has(folder, "isotropy.json");
        }
    },
    /** Of {@code evaluate suite}. */
    SUITE("the evaluations of a suite") {
        @Override
        boolean holds(Path folder) {
            return has(folder, "suite.json");
        }
    },
    /** Of {@code simulate --sources}: nothing but its files. */
    SIMULATION("simulated files alone") {
        @Override
        boolean holds(Path folder) throws IOException {
            return names(folder).stream().allMatch(name -> name.matches("source\\d+\\.h5ad"));
        }
    },
    /** Of {@code demo}: nothing but what it makes. */
    DEMO("a demo alone") {
        private static final List<String> MADE = List.of(
                "cells.h5ad",
                "new-donors.h5ad",
                "corpus",
                "model",
                "embedded.h5ad",
                "annotator",
                "new-donors-labelled.h5ad",
                "report.html");

        @Override
        boolean holds(Path folder) throws IOException {
            return MADE.containsAll(names(folder));
        }
    };

    private static final int NAMES_SHOWN = 3;
    private static final int HEAD_BYTES = 256;

    private final String noun;

    FolderKind(String noun) {
        this.noun = noun;
    }

    /** What such a folder holds, in words. */
    String noun() {
        return noun;
    }

    /** Whether a folder, with something in it, is one of these. */
    abstract boolean holds(Path folder) throws IOException;

    /** What a folder has in it, in words: the first few names. */
    static String content(Path folder) throws IOException {
        List<String> names = names(folder);
        String shown = String.join(", ", names.subList(0, Math.min(NAMES_SHOWN, names.size())));
        return names.size() > NAMES_SHOWN ? shown + " and " + (names.size() - NAMES_SHOWN) + " more" : shown;
    }

    /** Names in a folder in order, hidden ones too, but for the one that a file browser leaves. */
    static List<String> names(Path folder) throws IOException {
        List<String> names = new ArrayList<>();
        try (DirectoryStream<Path> children = Files.newDirectoryStream(folder)) {
            for (Path child : children) {
                names.add(String.valueOf(child.getFileName()));
            }
        }
        names.remove(".DS_Store");
        names.sort(null);
        return names;
    }

    private static boolean has(Path folder, String name) {
        return Files.isRegularFile(folder.resolve(name));
    }

    /** Whether a JSON file of a folder says near its beginning that it has a format. */
    private static boolean begins(Path folder, String name, String format) throws IOException {
        if (!has(folder, name)) {
            return false;
        }
        byte[] head = new byte[HEAD_BYTES];
        try (InputStream in = Files.newInputStream(folder.resolve(name))) {
            int read = in.readNBytes(head, 0, HEAD_BYTES);
            return new String(Arrays.copyOf(head, read), StandardCharsets.UTF_8).contains('"' + format + '"');
        }
    }
}
