package org.celllm.app.command;

import org.celllm.data.InputException;
import org.celllm.network.runtime.Precision;
import picocli.CommandLine.Option;

/** The options of every verb that computes with the network. */
final class ComputeOptions {
    @Option(
            names = "--threads",
            paramLabel = "N",
            defaultValue = "${sys:celllm.threads:-2}",
            description = "Threads for computing (default: the physical cores, here ${DEFAULT-VALUE}).")
    int threads;

    @Option(
            names = "--memory",
            paramLabel = "SIZE",
            converter = MemorySize.class,
            defaultValue = "${sys:celllm.memory.mebibytes:-4096}m",
            description = "Resident memory of the whole process, such as 4g (default: 70%% of what is free, here"
                    + " ${DEFAULT-VALUE}). The Java heap and the chunks of training follow from it.")
    long memory;

    @Option(
            names = "--device",
            paramLabel = "cpu|cuda",
            defaultValue = "cpu",
            description = "Where to compute; this release computes on the CPU only.")
    String device;

    @Option(
            names = "--precision",
            paramLabel = "auto|float32|bfloat16",
            defaultValue = "auto",
            description = "Arithmetic of linear layers (default: auto).")
    String precision;

    /**
     * Number formats as asked for.
     *
     * @throws InputException for a device that this release cannot use, or a precision that does not exist
     */
    Precision checkedPrecision() {
        if (!device.equalsIgnoreCase("cpu")) {
            throw InputException.about("--device " + device)
                    .found("this release computes on the CPU only")
                    .remedy("Leave --device out")
                    .build();
        }
        if (threads < 1) {
            throw InputException.about("--threads " + threads)
                    .found("no number of threads")
                    .expected("1 or more")
                    .build();
        }
        return Precision.of(precision);
    }
}
