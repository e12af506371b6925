package org.celllm.app.command;

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
            description = "Where to compute (default: cpu; cuda is untested).")
    String device;

    @Option(
            names = "--precision",
            paramLabel = "auto|float32|bfloat16",
            defaultValue = "auto",
            description = "Arithmetic of linear layers (default: auto).")
    String precision;
}
