package org.celllm.app.command;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.List;
import org.celllm.data.InputException;
import org.celllm.data.corpus.StratumField;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class SamplingOptionsTest {
    private final SamplingOptions options = new SamplingOptions();

    @Test
    void readsSeveralWeightsWhateverIsInTheNames() {
        options.weights = List.of("disease=cancer:2,tissue=lung, upper lobe:0.5,Source=a:b=c:1e-2", "tissue=blood:3");
        options.balance = java.util.EnumSet.of(StratumField.TISSUE, StratumField.DISEASE);
        assertThat(options.weights().text())
                .isEqualTo("balanced by disease, tissue; disease=cancer:2.0; tissue=blood:3.0;"
                        + " tissue=lung, upper lobe:0.5; source=a:b=c:0.01");
    }

    @Test
    void withoutOptionsThereAreNoWeights() {
        assertThat(options.weights().isNone()).isTrue();
        assertThat(options.weights().text()).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "cancer",
                "disease=cancer",
                "disease=cancer:",
                "disease=cancer:x",
                "colour=red:2",
                "=a:2",
                "tissue=:2",
                "",
                "disease=cancer:2,disease=cancer:3",
                "disease=cancer:0",
                "disease=cancer:-1",
                "disease=cancer:NaN"
            })
    void refusesWhatIsNoWeight(String given) {
        options.weights = List.of(given);
        assertThatThrownBy(options::weights).isInstanceOf(InputException.class).hasMessageContaining("--weight");
    }
}
