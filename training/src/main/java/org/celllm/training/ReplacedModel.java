package org.celllm.training;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.celllm.data.files.SafeFiles;
import org.celllm.network.weights.ModelFolder;

/**
 * A model in the place of which another is trained: it stays, under a name beside its own, until the other is whole, however often
 * that run is cut off or begun anew.
 */
public final class ReplacedModel {
    private ReplacedModel() {}

    /**
     * Where it stays.
     *
     * @param out the folder of the run that replaces it
     */
    public static Path path(Path out) {
        Path absolute = out.toAbsolutePath().normalize();
        return absolute.resolveSibling("." + absolute.getFileName() + ".replaced");
    }

    /** Makes place: what is a whole model goes aside, what is none goes. */
    static void setAside(Path out) throws IOException {
        if (ModelFolder.isModel(out)) {
            SafeFiles.deleteTree(path(out));
            SafeFiles.rename(out, path(out));
        } else {
            SafeFiles.deleteTree(out);
        }
    }

    /** The new one is whole: the old one goes. */
    static void drop(Path out) throws IOException {
        if (Files.exists(path(out))) {
            SafeFiles.deleteTree(path(out));
        }
    }
}
