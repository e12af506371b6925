package org.celllm.app;

import java.io.IOException;
import java.nio.file.AccessDeniedException;
import java.nio.file.FileSystemException;
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
        if (failure instanceof FileSystemException system) {
            return system.getFile() + ": " + system.getReason() + ".";
        }
        if (isFullDisk(failure)) {
            return "the disk is full: " + failure.getMessage() + ". Free some space, or write to another disk.";
        }
        return String.valueOf(failure.getMessage()).replaceAll("\\s*\\R\\s*", " ");
    }

    /** What the file system refuses is the user's to mend, whatever we did with it. */
    private static boolean isInput(Throwable failure) {
        return failure instanceof InputException || failure instanceof FileSystemException || isFullDisk(failure);
    }

    private static boolean isFullDisk(Throwable failure) {
        String message = String.valueOf(failure.getMessage());
        return failure instanceof IOException && (message.contains("No space left") || message.contains("Disk quota"));
    }
}
