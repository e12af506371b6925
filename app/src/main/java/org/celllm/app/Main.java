package org.celllm.app;

import org.celllm.app.command.CellLm;
import org.celllm.app.console.Console;
import picocli.CommandLine;

/** Starts the {@code celllm} command. */
public final class Main {
    private Main() {}

    /** Runs a verb and leaves its exit code. */
    public static void main(String[] arguments) {
        Interruption interruption = Interruption.guard();
        int code = run(Console.ofProcess(), arguments);
        interruption.over();
        System.exit(code);
    }

    /**
     * Runs a verb.
     *
     * @return one of {@link ExitCode}
     */
    public static int run(Console console, String... arguments) {
        CommandLine line = CellLm.commandLine(console);
        line.setOut(console.outWriter());
        line.setErr(console.errWriter());
        line.setParameterExceptionHandler((refused, given) -> {
            console.error(String.valueOf(refused.getMessage()).replaceAll("\\s*\\R\\s*", " ")
                    + suggestion(refused)
                    + " (celllm "
                    + verbOf(refused.getCommandLine())
                    + "--help shows the options)");
            return ExitCode.INPUT;
        });
        line.setExecutionExceptionHandler((failure, command, parsed) -> fail(console, failure));
        try {
            return line.execute(arguments);
        } catch (OutOfMemoryError e) {
            console.error("the memory is used up: give a larger --memory, from which the Java heap is derived");
            return fail(console, e);
        }
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
