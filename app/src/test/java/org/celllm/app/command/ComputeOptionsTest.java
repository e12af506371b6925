package org.celllm.app.command;

import static org.assertj.core.api.Assertions.assertThat;

import org.celllm.data.tokens.ValuesOption;
import org.celllm.network.runtime.Precision;
import org.celllm.tasks.embed.EmbedSettings;
import org.junit.jupiter.api.Test;
import picocli.CommandLine;
import picocli.CommandLine.Mixin;

class ComputeOptionsTest {
    static final class Options {
        @Mixin
        ComputeOptions compute;

        @Mixin
        ReadingOptions reading;
    }

    @Test
    void everythingAskedForReachesTheEmbedder() throws Exception {
        Options options = new Options();
        new CommandLine(options)
                .parseArgs("--memory", "3g", "--threads", "1", "--precision", "float32", "--values", "log1p");
        EmbedSettings settings = options.compute.settings(options.reading);
        assertThat(settings.memory()).isEqualTo(3L << 30);
        assertThat(settings.threads()).isEqualTo(1);
        assertThat(settings.precision()).isEqualTo(Precision.FLOAT32);
        assertThat(settings.values()).isEqualTo(ValuesOption.LOG1P);
        assertThat(settings.pooling()).isNull();
    }
}
