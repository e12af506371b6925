package org.celllm.app.command;

import java.io.IOException;
import org.celllm.data.InputException;
import org.celllm.network.runtime.Precision;
import org.celllm.tasks.embed.EmbedSettings;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** The options of every verb that computes with the network. */
final class ComputeOptions {
    @Mixin
    ThreadsOption threads;

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
     * Embedding as asked for, with the vector that the model was trained on: within the memory, on the threads.
     *
     * @param reading how the file is read
     */
    EmbedSettings settings(ReadingOptions reading) throws IOException {
        return new EmbedSettings(
                null, reading.valuesOption(), checkedPrecision(), reading.identity(), threads.count(), memory);
    }

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
        return Precision.of(precision);
    }
}
