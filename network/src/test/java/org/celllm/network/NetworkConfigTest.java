package org.celllm.network;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.util.Arrays;
import java.util.Map;
import org.celllm.data.InputException;
import org.junit.jupiter.api.Test;

class NetworkConfigTest {
    @Test
    void thePublishedPresetHasThePublishedNumberOfParameters() {
        NetworkConfig config = Preset.of("published").config(19_379);
        assertThat(config.randomFeatures()).isEqualTo(266);
        assertThat(config.maxLength()).isEqualTo(6000);
        assertThat(config.parameters() / 1e6).isBetween(51.85, 51.95);
        assertThat(config.encoderParameters() / 1e6).isBetween(41.95, 42.05);
    }

    @Test
    void theCountIsThatOfTheWeights() {
        NetworkConfig config = RandomCells.config(3, 8, PaddingMode.NONE);
        long counted = 0;
        for (Map.Entry<String, long[]> weight :
                WeightShapes.of(config, ModelOptions.PUBLISHED).entrySet()) {
            if (!weight.getKey().endsWith("projection_matrix")
                    && !weight.getKey().startsWith("disease")) {
                counted += Arrays.stream(weight.getValue()).reduce(1, (a, b) -> a * b);
            }
        }
        assertThat(config.parameters()).isEqualTo(counted);
    }

    @Test
    void itsJsonComesBack() throws IOException {
        ObjectMapper json = new ObjectMapper();
        for (Preset preset : Preset.values()) {
            NetworkConfig config = preset.config(77);
            assertThat(json.readValue(json.writeValueAsString(config), NetworkConfig.class))
                    .isEqualTo(config);
        }
    }

    @Test
    void impossibleSizesAndUnknownPresetsAreRefused() {
        assertThatThrownBy(() -> new NetworkConfig(0, 1, 1, 1, 0, 4, 8, 5, 5, false, PaddingMode.NONE, 0))
                .hasMessageContaining("dim is 0");
        assertThatThrownBy(() -> Preset.of("huge")).isInstanceOf(InputException.class);
    }
}
