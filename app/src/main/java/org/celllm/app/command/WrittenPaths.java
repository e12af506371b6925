package org.celllm.app.command;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collection;
import java.util.List;
import java.util.Set;
import org.celllm.data.InputException;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine;
import picocli.CommandLine.ParseResult;

/** Looks, before a verb begins, whether what it is to write would destroy what it reads. */
final class WrittenPaths {
    /** The options that name what is written; every other path is read. */
    private static final Set<String> WRITTEN = Set.of("--out", "--json", "--genes-out");

    /** With what the table of {@code --genes-out} begins. */
    private static final String GENES_HEAD = "name\tkind\t";

    private static final int HEAD_BYTES = 64;

    private WrittenPaths() {}

    /** A path and how it was given. */
    private record Given(String option, Path path) {
        String words() {
            return option + " " + path;
        }
    }

    /** Runs verbs as picocli does, once their paths have been looked at. */
    static CommandLine.IExecutionStrategy checked() {
        return parsed -> {
            ParseResult verb = parsed;
            while (verb.hasSubcommand()) {
                verb = verb.subcommand();
            }
            if (!verb.isUsageHelpRequested() && !verb.isVersionHelpRequested()) {
                try {
                    check(verb);
                } catch (InputException | IOException e) {
                    throw new CommandLine.ExecutionException(verb.commandSpec().commandLine(), e.toString(), e);
                }
            }
            return new CommandLine.RunLast().execute(parsed);
        };
    }

    private static void check(ParseResult verb) throws IOException {
        List<Given> written = new ArrayList<>();
        List<Given> read = new ArrayList<>();
        for (CommandLine.Model.ArgSpec argument : verb.commandSpec().args()) {
            String name = argument instanceof CommandLine.Model.OptionSpec option
                    ? option.longestName()
                    : argument.paramLabel();
            for (Path path : paths(argument.getValue())) {
                (WRITTEN.contains(name) ? written : read).add(new Given(name, path));
            }
        }
        for (int i = 0; i < written.size(); i++) {
            Given out = written.get(i);
            for (Given other : written.subList(0, i)) {
                requireOther(out, other, "is written by " + other.option() + " as well");
            }
            for (Given in : read) {
                requireOther(out, in, "is the input itself");
                requireOutside(out, in);
            }
            if (!out.option().equals("--out")) {
                requireOurs(out);
            }
        }
    }

    private static List<Path> paths(@Nullable Object value) {
        if (value instanceof Path path) {
            return List.of(path);
        }
        Collection<?> several = value instanceof Collection<?> collection
                ? collection
                : value instanceof Object[] array ? Arrays.asList(array) : List.of();
        return several.stream()
                .filter(Path.class::isInstance)
                .map(Path.class::cast)
                .toList();
    }

    private static void requireOther(Given out, Given other, String found) throws IOException {
        if (same(out.path(), other.path())) {
            throw InputException.about(out.words())
                    .found(found)
                    .remedy("Choose another " + out.option() + ": inputs are never changed, results never written over")
                    .build();
        }
    }

    /** A folder that is replaced must not have an input in it. */
    private static void requireOutside(Given out, Given in) throws IOException {
        if (Files.isDirectory(out.path())
                && Files.exists(in.path())
                && in.path().toRealPath().startsWith(out.path().toRealPath())) {
            throw InputException.about(out.words())
                    .found("is a folder with an input in it, " + in.path())
                    .remedy("Choose another " + out.option() + ": inputs are never changed")
                    .build();
        }
    }

    private static boolean same(Path one, Path other) throws IOException {
        return (Files.exists(one) && Files.exists(other))
                ? Files.isSameFile(one, other)
                : one.toAbsolutePath().normalize().equals(other.toAbsolutePath().normalize());
    }

    /** {@code --json} and {@code --genes-out} have no {@code --force}: they replace a file of their own kind and no other. */
    private static void requireOurs(Given out) throws IOException {
        if (!Files.exists(out.path(), LinkOption.NOFOLLOW_LINKS)) {
            return;
        }
        boolean json = out.option().equals("--json");
        String head = Files.isRegularFile(out.path()) ? head(out.path()) : "a folder";
        boolean ours = json
                ? head.isEmpty() || head.startsWith("{") || head.startsWith("[")
                : head.isEmpty() || head.startsWith(GENES_HEAD);
        boolean device = !Files.isRegularFile(out.path()) && !Files.isDirectory(out.path());
        if (!ours && !device) {
            throw InputException.about(out.words())
                    .found("is there already and is " + (json ? "no JSON" : "no table of genes"))
                    .remedy("Name another file: " + out.option() + " takes the file to write to")
                    .build();
        }
    }

    private static String head(Path file) throws IOException {
        try (InputStream in = Files.newInputStream(file)) {
            return new String(in.readNBytes(HEAD_BYTES), StandardCharsets.UTF_8).strip();
        }
    }
}
