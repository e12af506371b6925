package org.celllm.training.checkpoint;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.bytedeco.javacpp.PointerScope;
import org.bytedeco.pytorch.Tensor;
import org.celllm.data.InputException;
import org.celllm.data.files.SafeFiles;
import org.celllm.data.progress.Progress;
import org.celllm.network.Preset;
import org.celllm.network.runtime.Precision;
import org.celllm.network.runtime.TensorArrays;
import org.celllm.training.MemoryCells;
import org.celllm.training.PretrainSettings;
import org.celllm.training.Pretrainer;
import org.celllm.training.RandomCells;
import org.celllm.training.RunSettings;
import org.celllm.training.RunSettings.Existing;
import org.celllm.training.TrainingCells;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Promise 5: whatever operation of the disk fails, a good state is there to go on from. */
class CheckpointFaultsTest {
    private static final long SEED = Long.getLong("celllm.seed", 2306);
    private static final int STEPS = 4;

    @TempDir
    Path folder;

    @Test
    void afterAnyFailedOperationTheOldOrTheNewCheckpointIsWhole() throws IOException {
        int failures = 0;
        boolean went = false;
        for (int n = 1; !went; n++) {
            CheckpointStore store = new CheckpointStore(folder.resolve("store" + n), 1);
            try (PointerScope scope = new PointerScope()) {
                store.save(1, tensors(1), state(1));
                FailingDisk disk = new FailingDisk(n);
                try {
                    SafeFiles.through(disk, () -> store.save(2, tensors(2), state(2)));
                    went = !disk.failed();
                } catch (IOException e) {
                    assertThat(e).hasMessageContaining("the disk is gone");
                    failures++;
                }
                CheckpointStore.Found found = store.newest().orElseThrow();
                assertThat(found.step()).as("operation %s", n).isIn(went ? List.of(2L) : List.of(1L, 2L));
                Map<String, Tensor> read = tensors(0);
                found.restore(read);
                for (Tensor tensor : read.values()) {
                    assertThat(TensorArrays.floats(tensor)).containsOnly((float) found.step());
                }
                try (var left = Files.list(folder.resolve("store" + n))) {
                    assertThat(left.filter(file -> file.getFileName().toString().endsWith(".tmp")))
                            .as("operation %s leaves nothing half written", n)
                            .isEmpty();
                }
            }
        }
        assertThat(failures).as("operations of a save").isGreaterThan(6);
    }

    @Test
    void aRunWhoseDiskFailsAnywhereGoesOnToTheSameBits() throws IOException {
        Path whole = folder.resolve("whole");
        run(whole, Existing.REFUSE, null);
        byte[] expected = Files.readAllBytes(whole.resolve("model.safetensors"));
        int failures = 0;
        boolean went = false;
        // A stride that shares no factor with the operations of a checkpoint meets every kind of them.
        for (int n = 1; !went; n += 17) {
            Path cut = folder.resolve("cut" + n);
            FailingDisk disk = new FailingDisk(n);
            try {
                SafeFiles.through(disk, () -> run(cut, Existing.REFUSE, whole));
                went = !disk.failed();
            } catch (IOException | InputException e) {
                failures++;
                run(cut, Files.exists(cut) ? Existing.RESUME : Existing.REFUSE, whole);
            }
            assertThat(Files.readAllBytes(cut.resolve("model.safetensors")))
                    .as("operation %s, seed %s", n, SEED)
                    .isEqualTo(expected);
        }
        assertThat(failures).isGreaterThan(5);
    }

    @Test
    void aFullDiskIsAClearErrorAndTheLastCheckpointStays() throws IOException {
        CheckpointStore store = new CheckpointStore(folder.resolve("full"), 2);
        try (PointerScope scope = new PointerScope()) {
            store.save(1, tensors(1), state(1));
            FailingDisk full = new FailingDisk(3, "No space left on device");
            assertThatThrownBy(() -> SafeFiles.through(full, () -> store.save(2, tensors(2), state(2))))
                    .isInstanceOf(InputException.class)
                    .hasMessageContaining("the disk is full");
            assertThat(store.newest().orElseThrow().step()).isEqualTo(1);
        }
    }

    private static void run(Path model, Existing existing, Path planOf) throws IOException {
        PretrainSettings settings = PretrainSettings.of(Preset.TINY).with(6, STEPS, SEED);
        RunSettings run = new RunSettings(6L << 30, 1, Precision.FLOAT32, 0, 2, 1, existing);
        try (TrainingCells cells = new MemoryCells(RandomCells.of(SEED, 16, 40, 12), 40, SEED, "a")) {
            Pretrainer pretrainer = new Pretrainer(cells, settings, run, Progress.SILENT);
            if (planOf != null) {
                pretrainer.replaying(org.celllm.training.PlanFile.read(planOf));
            }
            pretrainer.run(model);
        }
    }

    private static Map<String, Tensor> tensors(float value) {
        float[] values = new float[1000];
        java.util.Arrays.fill(values, value);
        return Map.of("a", TensorArrays.of(values, 10, 100), "b", TensorArrays.of(values, 7));
    }

    private static ObjectNode state(int step) {
        return JsonNodeFactory.instance.objectNode().put("of", step);
    }
}
