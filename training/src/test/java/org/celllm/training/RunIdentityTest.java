package org.celllm.training;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import org.junit.jupiter.api.Test;

class RunIdentityTest {
    @Test
    void namesEveryDifference() throws Exception {
        assertThat(RunIdentity.differences(
                        json("{'a': 1, 'b': {'c': 'x', 'd': [1, 2]}}"), json("{'a': 1, 'b': {'c': 'y', 'd': [1]}}")))
                .containsExactly("b.c: x then, y now", "b.d: [1,2] then, [1] now");
    }

    @Test
    void aListThatIsEmptyAndOneThatIsNotAreDifferent() throws Exception {
        assertThat(RunIdentity.differences(json("{'exclude': []}"), json("{'exclude': ['LABEL']}")))
                .containsExactly("exclude: nothing then, [\"LABEL\"] now");
    }

    @Test
    void whatIsNewAndEmptyIsNoDifference() throws Exception {
        assertThat(RunIdentity.differences(json("{}"), json("{'exclude': []}"))).isEmpty();
        assertThat(RunIdentity.differences(json("{}"), json("{'sampling': 'balanced by tissue'}")))
                .containsExactly("sampling: nothing then, balanced by tissue now");
    }

    private static JsonNode json(String text) throws Exception {
        return new ObjectMapper().readTree(text.replace('\'', '"'));
    }
}
