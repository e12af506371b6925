package org.celllm.bench;

import java.io.IOException;
import java.nio.file.Path;
import org.celllm.data.matrix.CellBlock;
import org.celllm.data.matrix.CellReader;
import org.celllm.data.matrix.ExpressionFile;
import org.celllm.data.matrix.ExpressionFiles;

/**
 * The lengths of real cells, for benchmarks: how many genes each cell of a file expresses, one a line.
 *
 * <pre>CellLengths FILE CELLS</pre>
 *
 * <p>As many cells as asked for, spread evenly over the first matrix of the file.
 */
public final class CellLengths {
    private CellLengths() {}

    public static void main(String[] args) throws IOException {
        int wanted = Integer.parseInt(args[1]);
        try (ExpressionFile file = ExpressionFiles.open(Path.of(args[0]));
                CellReader reader = file.read(file.slots().get(0), 1024)) {
            int cells = file.slots().get(0).cells();
            int next = 0;
            for (CellBlock block = reader.next(); block != null; block = reader.next()) {
                for (int cell = 0; cell < block.cells(); cell++) {
                    if (block.firstCell() + cell == (int) ((long) next * cells / wanted)) {
                        System.out.println(block.offsets()[cell + 1] - block.offsets()[cell]);
                        next++;
                    }
                }
            }
        }
    }
}
