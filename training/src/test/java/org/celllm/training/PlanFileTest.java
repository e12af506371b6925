package org.celllm.training;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.celllm.data.InputException;
import org.celllm.network.Preset;
import org.celllm.training.contrast.ChunkPlan;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class PlanFileTest {
    private static final ObjectMapper JSON = new ObjectMapper();
    private static final PretrainPlan PLAN = new PretrainPlan(
            Preset.TINY.config(100),
            10,
            9,
            50,
            16,
            200,
            1000,
            4,
            1,
            0,
            0,
            2,
            5e3,
            3e3,
            1e3,
            1 << 20,
            1 << 30,
            0.5,
            List.of(),
            List.of());

    @TempDir
    Path folder;

    @Test
    void everyStepIsDividedAsItWasWhenThePlanIsReadAgain() throws IOException {
        ObjectNode identity = JSON.createObjectNode().put("seed", 1);
        PretrainPlan changed =
                PLAN.changed(3, new ChunkPlan(1000, 4, 3, 2), 77).changed(90, new ChunkPlan(750, 0, 2), 99);
        PlanFile.write(folder, changed, identity);
        PretrainPlan read = PlanFile.ofRun(folder, identity).orElseThrow();
        assertThat(read).isEqualTo(changed).isEqualTo(PlanFile.read(folder));
        assertThat(read.division(2)).isEqualTo(new ChunkPlan(1000, 1, 2));
        assertThat(read.division(3)).isEqualTo(new ChunkPlan(1000, 4, 3, 2));
        assertThat(read.division(89)).isEqualTo(new ChunkPlan(1000, 4, 3, 2));
        assertThat(read.division(90)).isEqualTo(new ChunkPlan(750, 0, 2));
        assertThat(read.changesAfter(89)).isTrue();
        assertThat(read.changesAfter(90)).isFalse();
        assertThat(PlanFile.ofRun(folder, JSON.createObjectNode().put("seed", 2)))
                .as("the plan of another run")
                .isEmpty();
    }

    @Test
    void aPlanFromBeforeGraphsWereKeptIsStillRead() throws IOException {
        ObjectNode old = JSON.valueToTree(PLAN);
        old.remove(List.of("changes", "graphPerPosition", "whole", "morePerPosition"));
        assertThat(JSON.treeToValue(old, PretrainPlan.class).division(5)).isEqualTo(new ChunkPlan(1000, 1, 2));
    }

    @Test
    void whatIsNoPlanIsRefusedByName() throws IOException {
        assertThatThrownBy(() -> PlanFile.read(folder))
                .isInstanceOf(InputException.class)
                .hasMessageContaining("does not exist");
        for (String text : List.of("{", "{}", "{\"plan\": 3}", "{\"plan\": {\"batch\": 4}}")) {
            Path file = Files.writeString(folder.resolve("plan.json"), text);
            assertThatThrownBy(() -> PlanFile.read(file))
                    .as(text)
                    .isInstanceOf(InputException.class)
                    .hasMessageContaining("plan.json");
        }
    }
}
