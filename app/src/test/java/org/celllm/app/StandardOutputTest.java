package org.celllm.app;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.Test;

class StandardOutputTest {
    @Test
    void whatIsWrittenArrives() {
        ByteArrayOutputStream to = new ByteArrayOutputStream();
        StandardOutput out = new StandardOutput(to, StandardCharsets.UTF_8);
        out.stream().print("a result, in µm");
        assertThat(out.lost()).isNull();
        assertThat(to.toString(StandardCharsets.UTF_8)).isEqualTo("a result, in µm");
    }

    @Test
    void whatADiskHasNoRoomForIsLostAndWhatAReaderDoesNotWantIsNot() {
        assertThat(failing("No space left on device").lost()).isEqualTo("No space left on device");
        assertThat(failing("Broken pipe").lost()).isNull();
    }

    private static StandardOutput failing(String why) {
        StandardOutput out = new StandardOutput(
                new OutputStream() {
                    @Override
                    public void write(int one) throws IOException {
                        throw new IOException(why);
                    }
                },
                StandardCharsets.UTF_8);
        out.stream().println("a result");
        return out;
    }
}
