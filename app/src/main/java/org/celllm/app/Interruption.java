package org.celllm.app;

import java.util.concurrent.atomic.AtomicBoolean;

/**
 * What happens when a run is stopped from outside (Ctrl-C, {@code kill}): the process ends at once, with exit code 130.
 * Left to itself the JVM would unload native libraries under threads that still compute in them, and die of it with a
 * crash report. Nothing is lost by ending at once: every file is written under a temporary name first.
 */
final class Interruption {
    /** The exit code of a process that was interrupted, by the shells' convention. */
    static final int EXIT_CODE = 130;

    private final AtomicBoolean running = new AtomicBoolean(true);

    private Interruption() {}

    /** Guards the process from now until {@link #over()}. */
    static Interruption guard() {
        Interruption guard = new Interruption();
        Runtime.getRuntime().addShutdownHook(new Thread(guard::stop, "celllm-interruption"));
        return guard;
    }

    /** Says that the work is done and an exit is an ordinary one. */
    void over() {
        running.set(false);
    }

    private void stop() {
        if (running.get()) {
            System.err.println("celllm: interrupted");
            Runtime.getRuntime().halt(EXIT_CODE);
        }
    }
}
