package org.celllm.app.command;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import picocli.CommandLine.TypeConversionException;

class MemorySizeTest {
    @ParameterizedTest
    @CsvSource({
        "4g,4294967296",
        "512M,536870912",
        "1.5GiB,1610612736",
        "2kb,2048",
        "100,100",
        "100b,100",
        "1t,1099511627776"
    })
    void readsSizesAsPeopleWriteThem(String text, long bytes) {
        assertThat(MemorySize.bytes(text)).isEqualTo(bytes);
    }

    @Test
    void refusesAsMemoryWhatNoProcessCanKeepTo() {
        assertThat(new MemorySize().convert("128m")).isEqualTo(128L << 20);
        for (String text : new String[] {"2", "4", "10m", "127m"}) {
            assertThatThrownBy(() -> new MemorySize().convert(text))
                    .isInstanceOf(TypeConversionException.class)
                    .hasMessageContaining("128 MiB");
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "g", "-4g", "4x", "four", "1e99", "99999999999t", "0"})
    void refusesWhatIsNone(String text) {
        assertThatThrownBy(() -> MemorySize.bytes(text)).isInstanceOf(TypeConversionException.class);
    }

    @Test
    void saysThemForPeople() {
        assertThat(MemorySize.text(4L << 30)).isEqualTo("4.0 GiB");
        assertThat(MemorySize.text(300L << 20)).isEqualTo("300 MiB");
    }
}
