package org.celllm.network;

import java.util.Arrays;
import java.util.List;

/**
 * The expressed genes of cells and their tokens, laid end to end: what the encoder reads. CLS is not in here: the
 * encoder puts it before the genes of each cell, so that cell {@code i} takes the rows
 * {@code clsRow(i) … clsRow(i) + length(i)} of an encoding. A cell may have no expressed gene at all.
 *
 * @param cells how many
 * @param offsets [cells + 1] the genes of cell {@code i} are {@code offsets[i] … offsets[i + 1] − 1}
 * @param genes [≥ offsets[cells]] index into the vocabulary
 * @param tokens [≥ offsets[cells]] expression token, or the mask token
 */
public record CellSequences(int cells, int[] offsets, int[] genes, int[] tokens) {
    public CellSequences {
        if (cells < 0 || offsets.length != cells + 1 || offsets[0] != 0) {
            throw new IllegalArgumentException("offsets do not describe " + cells + " cells");
        }
        for (int cell = 0; cell < cells; cell++) {
            if (offsets[cell + 1] < offsets[cell]) {
                throw new IllegalArgumentException("cell " + cell + " ends before it starts");
            }
        }
        if (offsets[cells] > genes.length || offsets[cells] > tokens.length) {
            throw new IllegalArgumentException("offsets reach to " + offsets[cells] + " but there are " + genes.length
                    + " genes and " + tokens.length + " tokens");
        }
    }

    /** The cells of several, one after the other. */
    public static CellSequences joined(List<CellSequences> parts) {
        int cells = 0;
        int positions = 0;
        for (CellSequences part : parts) {
            cells += part.cells;
            positions = Math.addExact(positions, part.offsets[part.cells]);
        }
        int[] offsets = new int[cells + 1];
        int[] genes = new int[positions];
        int[] tokens = new int[positions];
        int cell = 0;
        for (CellSequences part : parts) {
            int from = offsets[cell];
            System.arraycopy(part.genes, 0, genes, from, part.offsets[part.cells]);
            System.arraycopy(part.tokens, 0, tokens, from, part.offsets[part.cells]);
            for (int i = 1; i <= part.cells; i++) {
                offsets[++cell] = from + part.offsets[i];
            }
        }
        return new CellSequences(cells, offsets, genes, tokens);
    }

    /** Expressed genes of a cell. */
    public int length(int cell) {
        return offsets[cell + 1] - offsets[cell];
    }

    /** Rows of an encoding: the expressed genes of all cells and one CLS a cell. */
    public int positions() {
        return offsets[cells] + cells;
    }

    /** The row of a cell's CLS; its genes follow in order. */
    public int clsRow(int cell) {
        return offsets[cell] + cell;
    }

    /** Expressed genes of the longest cell. */
    public int longest() {
        int longest = 0;
        for (int cell = 0; cell < cells; cell++) {
            longest = Math.max(longest, length(cell));
        }
        return longest;
    }

    /** The cells {@code from … to − 1}. */
    public CellSequences slice(int from, int to) {
        int start = offsets[from];
        int end = offsets[to];
        int[] newOffsets = new int[to - from + 1];
        for (int i = 0; i < newOffsets.length; i++) {
            newOffsets[i] = offsets[from + i] - start;
        }
        return new CellSequences(
                to - from, newOffsets, Arrays.copyOfRange(genes, start, end), Arrays.copyOfRange(tokens, start, end));
    }

    /** The cells {@code chosen}, in that order; a cell may be chosen twice. */
    public CellSequences select(int... chosen) {
        int[] newOffsets = new int[chosen.length + 1];
        for (int i = 0; i < chosen.length; i++) {
            newOffsets[i + 1] = newOffsets[i] + length(chosen[i]);
        }
        int[] newGenes = new int[newOffsets[chosen.length]];
        int[] newTokens = new int[newGenes.length];
        for (int i = 0; i < chosen.length; i++) {
            System.arraycopy(genes, offsets[chosen[i]], newGenes, newOffsets[i], length(chosen[i]));
            System.arraycopy(tokens, offsets[chosen[i]], newTokens, newOffsets[i], length(chosen[i]));
        }
        return new CellSequences(chosen.length, newOffsets, newGenes, newTokens);
    }

    /**
     * The same cells with some of their genes.
     *
     * @param kept [offsets[cells]] which stay
     */
    public CellSequences keep(boolean[] kept) {
        int[] newOffsets = new int[cells + 1];
        int[] newGenes = new int[genes.length];
        int[] newTokens = new int[genes.length];
        int n = 0;
        for (int cell = 0; cell < cells; cell++) {
            for (int i = offsets[cell]; i < offsets[cell + 1]; i++) {
                if (kept[i]) {
                    newGenes[n] = genes[i];
                    newTokens[n++] = tokens[i];
                }
            }
            newOffsets[cell + 1] = n;
        }
        return new CellSequences(cells, newOffsets, Arrays.copyOf(newGenes, n), Arrays.copyOf(newTokens, n));
    }

    /**
     * Cuts every cell to a longest sequence.
     *
     * @param maxLength longest sequence with CLS
     * @param rule which genes stay
     * @return this when nothing is too long
     */
    public CellSequences truncate(int maxLength, LengthRule rule) {
        int most = Math.max(0, maxLength - 1);
        if (longest() <= most) {
            return this;
        }
        int[] newOffsets = new int[cells + 1];
        for (int cell = 0; cell < cells; cell++) {
            newOffsets[cell + 1] = newOffsets[cell] + Math.min(most, length(cell));
        }
        int[] newGenes = new int[newOffsets[cells]];
        int[] newTokens = new int[newGenes.length];
        for (int cell = 0; cell < cells; cell++) {
            int[] kept = rule.choose(Arrays.copyOfRange(tokens, offsets[cell], offsets[cell + 1]), most);
            for (int i = 0; i < kept.length; i++) {
                newGenes[newOffsets[cell] + i] = genes[offsets[cell] + kept[i]];
                newTokens[newOffsets[cell] + i] = tokens[offsets[cell] + kept[i]];
            }
        }
        return new CellSequences(cells, newOffsets, newGenes, newTokens);
    }
}
