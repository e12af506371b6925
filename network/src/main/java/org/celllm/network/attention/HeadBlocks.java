package org.celllm.network.attention;

import java.util.Arrays;
import org.bytedeco.pytorch.Scalar;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.TensorVector;
import org.bytedeco.pytorch.global.torch;
import org.bytedeco.pytorch.global.torch.ScalarType;
import org.celllm.network.runtime.TensorArrays;
import org.jspecify.annotations.Nullable;

/**
 * The rows of a layout in another order: cell by cell, within a cell head by head, within a head row by row. Then the
 * rows of a cell and any run of its heads lie together, and everything that attention does with them is a plain matrix.
 * A <em>piece</em> is as many heads of a cell as fit the cache together with their features.
 */
final class HeadBlocks {
    /** Features of a piece that, as 32-bit floats, stay in a second-level cache of 1 MB with room to spare. */
    static final long PIECE = 160_000;

    private final int heads;
    private final int cells;
    private final int[] firstPiece;
    private final int[] cellOf;
    private final int[] headsOf;
    private final int[] lengthOf;
    private final long[] pieceRows;
    private final long[] cellRows;
    private final int filler;
    private final Tensor toBlocks;
    private final Tensor toRows;
    private final @Nullable Tensor repeated;

    private HeadBlocks(SequenceLayout layout, int heads, long features, long pieceFeatures, boolean round) {
        this.heads = heads;
        this.filler = layout.filler();
        this.cells = layout.cells();
        this.firstPiece = new int[cells + 1];
        this.cellRows = new long[cells];
        int[] padded = new int[cells];
        Arrays.setAll(padded, cell -> round ? SequenceLayout.roundUp(layout.length(cell)) : layout.length(cell));
        int[] to = new int[Arrays.stream(padded).sum() * heads];
        int[] back = new int[layout.rows() * heads];
        int[] more = new int[to.length - layout.positions() * heads];
        int repeats = 0;
        int[] ownCell = new int[cells * heads];
        int[] ownHeads = new int[cells * heads];
        int pieces = 0;
        int at = 0;
        for (int cell = 0; cell < cells; cell++) {
            int length = padded[cell];
            cellRows[cell] = (long) length * heads;
            int together = (int) Math.max(1, Math.min(heads, pieceFeatures / (length * features)));
            for (int head = 0; head < heads; head += together) {
                ownCell[pieces] = cell;
                ownHeads[pieces++] = Math.min(together, heads - head);
            }
            firstPiece[cell + 1] = pieces;
            for (int head = 0; head < heads; head++) {
                for (int row = layout.starts()[cell]; row < layout.starts()[cell + 1]; row++) {
                    int place = row * heads + head;
                    to[at] = place;
                    back[place] = at++;
                }
                for (int row = layout.length(cell); row < length; row++) {
                    more[repeats++] = at;
                    to[at++] = layout.starts()[cell] * heads + head;
                }
            }
        }
        this.cellOf = Arrays.copyOf(ownCell, pieces);
        this.headsOf = Arrays.copyOf(ownHeads, pieces);
        this.lengthOf = new int[pieces];
        this.pieceRows = new long[pieces];
        for (int piece = 0; piece < pieces; piece++) {
            lengthOf[piece] = padded[cellOf[piece]];
            pieceRows[piece] = (long) lengthOf[piece] * headsOf[piece];
        }
        this.toBlocks = TensorArrays.of(to, to.length);
        this.toRows = TensorArrays.of(back, back.length);
        this.repeated = repeats == 0 ? null : TensorArrays.of(more, more.length).to(ScalarType.Long);
    }

    /**
     * Blocks of a layout; their indices lie in the caller's scope.
     *
     * @param features random features a head
     * @param pieceFeatures features of a piece, at most, unless one head has more
     * @param round whether cells are brought to one of few lengths by repeating their first row
     */
    static HeadBlocks of(SequenceLayout layout, int heads, long features, long pieceFeatures, boolean round) {
        return new HeadBlocks(layout, heads, features, pieceFeatures, round);
    }

    int cells() {
        return cells;
    }

    int pieces() {
        return cellOf.length;
    }

    /** Rows of all heads, repeated ones with them. */
    long rows() {
        return toBlocks.numel();
    }

    /** Heads of all cells together. */
    long headsOfAllCells() {
        return (long) cells * heads;
    }

    /** Heads of each piece. */
    long[] pieceHeads() {
        long[] sizes = new long[headsOf.length];
        Arrays.setAll(sizes, piece -> headsOf[piece]);
        return sizes;
    }

    int firstPiece(int cell) {
        return firstPiece[cell];
    }

    int cellOf(int piece) {
        return cellOf[piece];
    }

    int headsOf(int piece) {
        return headsOf[piece];
    }

    /** Rows of a head of the piece. */
    int lengthOf(int piece) {
        return lengthOf[piece];
    }

    /** [rows, heads · width] in block order: [rows · heads, width]; repeated rows are those of CLS. */
    Tensor gather(Tensor x, long width) {
        return torch.index_select(x.reshape(x.numel() / width, width), 0, toBlocks);
    }

    /** As {@link #gather}, with zeros in repeated rows, so that they add nothing to a sum. */
    Tensor gatherOnce(Tensor x, long width) {
        return once(gather(x, width));
    }

    /** Sets repeated rows to zero. */
    Tensor once(Tensor blocks) {
        return repeated == null ? blocks : blocks.index_fill_(0, repeated, new Scalar(0.0));
    }

    /** The way back: [rows · heads, width] as [rows, heads · width]; zeros in rows that belong to no cell. */
    Tensor scatter(Tensor blocks) {
        long rows = toRows.numel() / heads;
        Tensor back = torch.index_select(blocks, 0, toRows).view(rows, heads * blocks.size(1));
        if (filler > 0) {
            back.narrow(0, rows - filler, filler).zero_();
        }
        return back;
    }

    /** The pieces of [rows · heads, width]. */
    TensorVector split(Tensor blocks) {
        return blocks.split_with_sizes(pieceRows, 0);
    }

    /** The cells of [rows · heads, width]. */
    TensorVector splitByCell(Tensor blocks) {
        return blocks.split_with_sizes(cellRows, 0);
    }

    /** As many ones as cells. */
    long[] ones() {
        long[] ones = new long[cells];
        Arrays.fill(ones, 1);
        return ones;
    }
}
