package org.celllm.data.hdf5;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.ning.compress.lzf.ChunkEncoder;
import com.ning.compress.lzf.util.ChunkEncoderFactory;
import io.jhdf.exceptions.HdfFilterException;
import java.util.Arrays;
import org.celllm.data.random.KeyedRandom;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class LzfTextsTest {
    @ParameterizedTest(name = "seed {0}")
    @ValueSource(longs = {1, 2, 3, 4, 5, 6})
    void decodesWhatAnEncoderMade(long seed) {
        KeyedRandom random = KeyedRandom.of(seed);
        byte[] plain = new byte[200 + random.nextInt(50_000)];
        int letters = 1 + random.nextInt(6);
        for (int i = 0; i < plain.length; i++) {
            plain[i] = (byte) (i > 300 && random.nextInt(20) > 0 ? plain[i - 300] : random.nextInt(letters));
        }
        byte[] chunk = new byte[plain.length * 2];
        try (ChunkEncoder encoder = ChunkEncoderFactory.safeNonAllocatingInstance(plain.length)) {
            // A chunk of that encoder has a header of seven bytes, which HDF5 leaves out.
            int end = encoder.appendEncodedIfCompresses(plain, 0.99, 0, plain.length, chunk, 0);
            assertThat(LzfTexts.decode(Arrays.copyOfRange(chunk, 7, end))).isEqualTo(plain);
        }
    }

    @Test
    void decodesAReferenceThatRepeatsWithinItself() {
        byte[] encoded = {0, 'a', (byte) (7 << 5), 10, 0};

        assertThat(LzfTexts.decode(encoded))
                .isEqualTo("a".repeat(20).getBytes(java.nio.charset.StandardCharsets.UTF_8));
    }

    @Test
    void refusesDamageWithoutAllocatingMuch() {
        KeyedRandom random = KeyedRandom.of(9);
        for (int trial = 0; trial < 5_000; trial++) {
            byte[] bytes = new byte[random.nextInt(40)];
            random.nextBytes(bytes);
            try {
                assertThat(LzfTexts.decode(bytes).length).isLessThan(64 + 90 * bytes.length);
            } catch (HdfFilterException expected) {
                assertThat(expected).hasMessageContaining("damaged");
            }
        }
        assertThatThrownBy(() -> LzfTexts.decode(new byte[] {(byte) (1 << 5), 40}))
                .isInstanceOf(HdfFilterException.class);
    }
}
