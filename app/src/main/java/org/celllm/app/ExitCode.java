package org.celllm.app;

import java.nio.file.AccessDeniedException;
import java.nio.file.NoSuchFileException;
import org.celllm.data.InputException;

/** What the command's exit code means. */
public final class ExitCode {
    /** Done. */
    public static final int DONE = 0;
    /** Our fault: the stack trace says where. */
    public static final int FAULT = 1;
    /** The user's input: one line says what to do. */
    public static final int INPUT = 2;

    private ExitCode() {}

    /** The code that a failed command leaves. */
    public static int of(Throwable failure) {
        return isInput(failure) ? INPUT : FAULT;
    }

    /** The one line about a failure that is the user's to mend. */
    public static String sentence(Throwable failure) {
        if (failure instanceof NoSuchFileException missing) {
            return missing.getFile() + ": no such file or folder.";
        }
        if (failure instanceof AccessDeniedException denied) {
            return denied.getFile() + ": may not be read or written.";
        }
        return String.valueOf(failure.getMessage()).replaceAll("\\s*\\R\\s*", " ");
    }

    private static boolean isInput(Throwable failure) {
        return failure instanceof InputException
                || failure instanceof NoSuchFileException
                || failure instanceof AccessDeniedException;
    }
}
