package org.celllm.network.runtime;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.OptionalLong;
import org.bytedeco.javacpp.Pointer;

/** What the whole process holds in physical memory: JVM, libtorch and data. */
public final class ResidentMemory {
    private static final Path STATUS = Path.of("/proc/self/status");
    private static final Path CLEAR = Path.of("/proc/self/clear_refs");

    private ResidentMemory() {}

    /** Bytes resident now; from the system's own bookkeeping on Linux, from JavaCPP's elsewhere. */
    public static long current() {
        return status("VmRSS:").orElseGet(Pointer::physicalBytes);
    }

    /** The highest number of resident bytes so far, where the system keeps it (Linux). */
    public static OptionalLong peak() {
        return status("VmHWM:");
    }

    /**
     * Starts the peak anew from what is resident now.
     *
     * @return whether the system allows it
     */
    public static boolean resetPeak() {
        try {
            Files.writeString(CLEAR, "5");
            return true;
        } catch (IOException | SecurityException unsupported) {
            return false;
        }
    }

    /** Asks the C library to return the pages that nothing stands in (glibc; elsewhere nothing happens). */
    public static void giveBack() {
        Pointer.trimMemory();
    }

    private static OptionalLong status(String field) {
        try {
            for (String line : Files.readAllLines(STATUS)) {
                if (line.startsWith(field)) {
                    String kilobytes = line.substring(field.length()).trim().split(" ")[0];
                    return OptionalLong.of(Long.parseLong(kilobytes) * 1024);
                }
            }
        } catch (IOException | NumberFormatException elsewhere) {
            // Not Linux, or a kernel that hides it.
        }
        return OptionalLong.empty();
    }
}
