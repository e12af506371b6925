package org.celllm.app;

import java.util.concurrent.atomic.AtomicReference;
import org.celllm.app.command.CellLm;
import org.celllm.app.console.Console;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine;

/** Starts the {@code celllm} command. */
public final class Main {
    private Main() {}

    /** Runs a verb and leaves its exit code. */
    public static void main(String[] arguments) {
        Interruption interruption = Interruption.guard(arguments);
        StandardOutput out = new StandardOutput();
        System.setOut(out.stream());
        int code = run(Console.ofProcess(), arguments);
        interruption.over();
        String lost = out.lost();
        if (code == ExitCode.DONE && lost != null) {
            Console.ofProcess().error("standard output: not all of the result could be written there: " + lost + ".");
            code = ExitCode.INPUT;
        }
        System.exit(code);
    }

    /**
     * Runs a verb.
     *
     * @return one of {@link ExitCode}
     */
    public static int run(Console console, String... arguments) {
        return outcome(console, CellLm.commandLine(console), arguments).code();
    }

    /**
     * Runs a verb of a command that is made already.
     *
     * @return how it ended, with the error that was printed
     */
    public static Outcome outcome(Console console, CommandLine line, String... arguments) {
        AtomicReference<@Nullable String> error = new AtomicReference<>();
        line.setOut(console.outWriter());
        line.setErr(console.errWriter());
        line.setParameterExceptionHandler((refused, given) -> {
            String sentence =
                    refusal(refused) + " (celllm " + verbOf(refused.getCommandLine()) + "--help shows the options)";
            error.set(sentence);
            console.error(sentence);
            return ExitCode.INPUT;
        });
        line.setExecutionExceptionHandler((failure, command, parsed) -> {
            error.set(ExitCode.of(failure) == ExitCode.INPUT ? ExitCode.sentence(failure) : failure.toString());
            return fail(console, failure);
        });
        try {
            return new Outcome(line.execute(arguments), error.get());
        } catch (OutOfMemoryError e) {
            console.error("the memory is used up: give a larger --memory, from which the Java heap is derived");
            return new Outcome(fail(console, e), "the memory is used up");
        }
    }

    /** What the command line refuses in what was given, in one line. */
    public static String refusal(CommandLine.ParameterException refused) {
        return String.valueOf(refused.getMessage())
                        .replaceAll("\\s*\\R\\s*", " ")
                        .replaceAll("' is not an? (int|long)\\b", "' is not a whole number")
                        .replaceAll("' is not an? (float|double)\\b", "' is not a number")
                + suggestion(refused);
    }

    private static int fail(Console console, Throwable failure) {
        if (ExitCode.of(failure) == ExitCode.INPUT) {
            console.error(ExitCode.sentence(failure));
        } else {
            console.fault(failure);
        }
        return ExitCode.of(failure);
    }

    private static String suggestion(CommandLine.ParameterException refused) {
        if (refused instanceof CommandLine.UnmatchedArgumentException unmatched
                && !unmatched.getSuggestions().isEmpty()) {
            return "; did you mean " + String.join(" or ", unmatched.getSuggestions()) + "?";
        }
        return "";
    }

    private static String verbOf(CommandLine command) {
        String name = command.getCommandSpec().qualifiedName();
        return name.equals("celllm") ? "" : name.substring("celllm ".length()) + " ";
    }
}
