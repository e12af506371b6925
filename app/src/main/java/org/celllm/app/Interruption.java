package org.celllm.app;

import java.util.concurrent.atomic.AtomicBoolean;
import org.celllm.app.command.CellLm;
import org.celllm.app.console.Console;
import picocli.CommandLine;

/**
 * What happens when a run is stopped from outside (Ctrl-C, {@code kill}): the process ends at once, with exit code 130.
 * Left to itself the JVM would unload native libraries under threads that still compute in them, and die of it with a
 * crash report. Nothing is lost by ending at once: every file is written under a temporary name first.
 */
final class Interruption {
    /** The exit code of a process that was interrupted, by the shells' convention. */
    static final int EXIT_CODE = 130;

    private final AtomicBoolean running = new AtomicBoolean(true);
    private final String[] arguments;

    private Interruption(String... arguments) {
        this.arguments = arguments;
    }

    /**
     * Guards the process from now until {@link #over()}.
     *
     * @param arguments of the command
     */
    static Interruption guard(String... arguments) {
        Interruption guard = new Interruption(arguments);
        Runtime.getRuntime().addShutdownHook(new Thread(guard::stop, "celllm-interruption"));
        return guard;
    }

    /** Says that the work is done and an exit is an ordinary one. */
    void over() {
        running.set(false);
    }

    private void stop() {
        if (running.get()) {
            System.err.println(sentence(arguments));
            Runtime.getRuntime().halt(EXIT_CODE);
        }
    }

    /** What is said of a command that was interrupted: whether another run can go on with what is finished. */
    static String sentence(String... arguments) {
        CommandLine verb = CellLm.commandLine(Console.ofProcess());
        for (String argument : arguments) {
            CommandLine next = verb.getSubcommands().get(argument);
            if (next == null) {
                break;
            }
            verb = next;
        }
        return verb.getCommandSpec().findOption("--resume") == null
                ? "celllm: interrupted"
                : "celllm: interrupted (the same command with --resume goes on from what is finished)";
    }
}
