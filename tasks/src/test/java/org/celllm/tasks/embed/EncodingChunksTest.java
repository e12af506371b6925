package org.celllm.tasks.embed;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Arrays;
import java.util.List;
import java.util.stream.IntStream;
import org.celllm.data.random.KeyedRandom;
import org.celllm.network.CellSequences;
import org.celllm.network.Preset;
import org.junit.jupiter.api.Test;

class EncodingChunksTest {
    @Test
    void everyCellIsInOneChunkAndNoChunkIsTooLong() {
        for (long seed = 0; seed < 20; seed++) {
            KeyedRandom random = KeyedRandom.of(seed);
            int cells = random.nextInt(200);
            int[] offsets = new int[cells + 1];
            for (int i = 0; i < cells; i++) {
                offsets[i + 1] = offsets[i] + random.nextInt(90);
            }
            int[] content = new int[offsets[cells]];
            CellSequences sequences = new CellSequences(cells, offsets, content, content);
            int most = 20 + random.nextInt(300);
            List<int[]> chunks = EncodingChunks.of(sequences, most);
            int[] all = chunks.stream().flatMapToInt(Arrays::stream).sorted().toArray();
            assertThat(all)
                    .as("seed %d", seed)
                    .isEqualTo(IntStream.range(0, cells).toArray());
            for (int[] chunk : chunks) {
                int positions = Arrays.stream(chunk)
                        .map(cell -> sequences.length(cell) + 1)
                        .sum();
                assertThat(chunk.length == 1 || positions <= most)
                        .as("seed %d", seed)
                        .isTrue();
            }
        }
    }

    @Test
    void largerNetworksGetShorterChunks() {
        int tiny = EncodingChunks.positions(Preset.TINY.config(1000));
        int published = EncodingChunks.positions(Preset.PUBLISHED.config(1000));
        assertThat(published).isLessThan(tiny).isGreaterThanOrEqualTo(512);
    }
}
