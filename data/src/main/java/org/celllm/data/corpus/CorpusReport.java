package org.celllm.data.corpus;

import java.nio.file.Path;
import java.util.List;
import org.celllm.data.InputException;

/**
 * How building a corpus went.
 *
 * @param folder the corpus
 * @param manifest what it consists of
 * @param refused sources that could not be used
 * @param ignored files of source folders that are not matrices by their names
 */
public record CorpusReport(Path folder, CorpusManifest manifest, List<Refused> refused, List<Path> ignored) {
    public CorpusReport {
        refused = List.copyOf(refused);
        ignored = List.copyOf(ignored);
    }

    /**
     * A source that could not be used.
     *
     * @param path the source
     * @param reason the whole error
     */
    public record Refused(Path path, String reason) {}

    /**
     * Fails when a source was refused; the corpus of the others is there all the same.
     *
     * @throws InputException naming every refused source with its reason
     */
    public void requireNoneRefused() {
        if (!refused.isEmpty()) {
            int held = manifest.sources().size();
            throw refusal(refused)
                    .remedy("The corpus holds " + (held == 1 ? "the other source" : "the other " + held + " sources")
                            + "; mend " + (refused.size() == 1 ? "this one" : "these") + " or pass --skip-refused")
                    .build();
        }
    }

    static InputException.Builder refusal(List<Refused> refused) {
        StringBuilder text = new StringBuilder(refused.size() == 1 ? "was refused" : "were refused");
        for (Refused one : refused) {
            text.append("\n  ").append(one.reason());
        }
        return InputException.about(refused.size() == 1 ? "1 source" : refused.size() + " sources")
                .found(text.toString());
    }
}
