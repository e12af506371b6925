package org.celllm.data.cells;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import java.util.NavigableMap;
import java.util.TreeMap;
import org.celllm.data.random.KeyedRandom;
import org.celllm.data.tokens.ValueState;
import org.junit.jupiter.api.Test;

class NearDuplicatesTest {
    private static final long SEED = Long.getLong("celllm.seed", 41);

    @Test
    void copiesAreFoundAndOthersAreNot() {
        List<NavigableMap<Integer, Float>> cells = new ArrayList<>();
        for (int i = 0; i < 200; i++) {
            cells.add(cell(i, 300));
        }
        // The same cell: itself, of twice the depth, and with one value in fifty changed.
        cells.add(new TreeMap<>(cells.get(7)));
        NavigableMap<Integer, Float> deeper = new TreeMap<>();
        cells.get(7).forEach((gene, value) -> deeper.put(gene, 2 * value));
        cells.add(deeper);
        NavigableMap<Integer, Float> changed = new TreeMap<>(cells.get(30));
        changed.keySet().stream().filter(gene -> gene % 50 == 0).toList().forEach(changed::remove);
        cells.add(changed);
        int[] groups = NearDuplicates.groups(batch(cells));
        assertThat(groups[7]).as("seed %s", SEED).isEqualTo(7);
        assertThat(groups[200]).isEqualTo(7);
        assertThat(groups[201]).isEqualTo(7);
        assertThat(groups[202]).isEqualTo(30);
        assertThat(groups[30]).isEqualTo(30);
        for (int i = 0; i < 200; i++) {
            if (i != 7 && i != 30) {
                assertThat(groups[i]).as("seed %s, cell %s", SEED, i).isEqualTo(-1);
            }
        }
    }

    @Test
    void cellsOfTheSameGenesInOtherAmountsAreNotDuplicates() {
        NavigableMap<Integer, Float> one = cell(1, 300);
        NavigableMap<Integer, Float> other = new TreeMap<>();
        KeyedRandom random = KeyedRandom.of(SEED, 99);
        one.forEach((gene, value) -> other.put(gene, 1f + random.nextInt(30)));
        assertThat(NearDuplicates.groups(batch(List.of(one, other)))).containsExactly(-1, -1);
    }

    @Test
    void smallAndEmptyCells() {
        assertThat(NearDuplicates.groups(batch(List.of(cell(1, 3), cell(2, 3), cell(1, 3), cell(3, 0)))))
                .containsExactly(0, -1, 0, -1);
        assertThat(NearDuplicates.groups(batch(List.of()))).isEmpty();
    }

    private static NavigableMap<Integer, Float> cell(long number, int genes) {
        KeyedRandom random = KeyedRandom.of(SEED, number);
        NavigableMap<Integer, Float> cell = new TreeMap<>();
        while (cell.size() < genes) {
            // Low numbers are expressed in most cells, as housekeeping genes are.
            cell.put((int) (2000 * Math.pow(random.nextDouble(), 2)), 1f + random.nextInt(9));
        }
        return cell;
    }

    private static CellBatch batch(List<NavigableMap<Integer, Float>> cells) {
        int n = cells.size();
        int[] offsets = new int[n + 1];
        for (int i = 0; i < n; i++) {
            offsets[i + 1] = offsets[i] + cells.get(i).size();
        }
        char[] genes = new char[offsets[n]];
        float[] values = new float[offsets[n]];
        double[] totals = new double[n];
        ValueState[] states = new ValueState[n];
        int next = 0;
        for (int i = 0; i < n; i++) {
            states[i] = ValueState.COUNTS;
            for (var entry : cells.get(i).entrySet()) {
                genes[next] = (char) (int) entry.getKey();
                values[next++] = entry.getValue();
                totals[i] += entry.getValue();
            }
        }
        return new CellBatch(
                n, offsets, genes, values, totals, states, new byte[n], new int[n], new int[n], new long[n]);
    }
}
